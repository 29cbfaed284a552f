/** The nearest frame around this one that has a frame of this name in it, as consent APIs mark theirs. */
export function frameWith(locator: string): Window | undefined {
  for (let frame: Window = window; frame !== window.top; ) {
    frame = frame.parent;
    // A frame of another origin shows nothing but the frames in it.
    try {
      if ((frame.frames as unknown as Record<string, unknown>)[locator]) return frame;
    } catch {}
  }
  return;
}
