/** This window, or the nearest around it, that has a frame of this name in it: so consent APIs mark where they are. */
export function frameWith(locator: string): Window | undefined {
  for (let frame: Window = window; ; frame = frame.parent) {
    // One of another origin shows nothing but the frames in it.
    try {
      if ((frame.frames as unknown as Record<string, unknown>)[locator]) return frame;
    } catch {}
    if (frame === window.top || !frame) return;
  }
}
