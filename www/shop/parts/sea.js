import { svg } from "../../dom.js";

/** The sea below the headline: three swells, a swimmer and a float. */
export function sea() {
  return svg(
    "svg",
    { class: "sea", viewBox: "0 0 1600 240", preserveAspectRatio: "xMidYMax slice", "aria-hidden": "true" },
    svg("path", { class: "swell far", d: swell(62, 22, 400) }),
    svg("path", { class: "swell middle", d: swell(104, 16, 320) }),
    svg("g", { transform: "translate(-80 0)" }, swimmer()),
    svg("path", { class: "swell near", d: swell(148, 12, 266) }),
    svg("path", { class: "glint", d: "M250 190c22-12 44-12 66 0M620 214c26-14 52-14 78 0M1240 196c24-13 48-13 72 0" }),
  );
}

function swimmer() {
  return svg(
    "g",
    { class: "bob" },
    svg("path", { d: "M1010 132c34 8 62 6 92-4", class: "leash" }),
    svg("path", { d: "M1098 112c0-14 52-14 56 0 6 14 6 30 0 40-10 10-46 10-56 0-6-12-6-28 0-40z", class: "float" }),
    svg("path", { d: "M1095 124h62v7h-63z", class: "band" }),
    svg("path", { d: "M972 144c-2-26 8-44 26-44s28 18 26 44z", class: "face" }),
    svg("path", { d: "M964 116c2-26 16-40 34-40s32 14 34 40c-20-7-48-7-68 0z", class: "hat" }),
    svg("path", { d: "M962 110c22-8 50-8 72 0v14c-22-8-50-8-72 0z", class: "brim" }),
    svg("circle", { cx: 998, cy: 70, r: 13, class: "bobble" }),
  );
}

/** A wave across the picture, filled to the bottom: its mean height, amplitude and length. */
function swell(height, amplitude, length) {
  const half = length / 2;
  let path = `M${-half} ${height}q${half / 2} ${-2 * amplitude} ${half} 0`;
  for (let x = 0; x < 1600; x += half) path += `t${half} 0`;
  return `${path}V260H${-half}z`;
}
