/**
 * The range. `price` in pence; `water` is the span of water temperatures in °C a thing is made for; `tile` is the
 * ground its picture stands on.
 * @typedef {object} Product
 * @property {string} slug
 * @property {string} sku
 * @property {string} name
 * @property {"in-the-water" | "getting-warm" | "on-the-shore"} category
 * @property {number} price
 * @property {[number, number]} water
 * @property {"shallow" | "shingle" | "sand" | "swell"} tile
 * @property {string} line
 * @property {string} story
 * @property {string[]} details
 * @property {{ name: string, values: string[] }} [option]
 */

/** @type {Product[]} */
export const products = [
  {
    slug: "quay-robe",
    sku: "SW-101",
    name: "Quay Robe",
    category: "getting-warm",
    price: 11800,
    water: [2, 15],
    tile: "sand",
    line: "A changing room you can wear",
    story:
      "Cut wide enough to get your arms inside and sort yourself out in private. The shell stops wind, the pile lining drinks the water, and the hood goes on over wet hair.",
    details: [
      "Recycled polyester shell, sealed seams",
      "Deep pile lining, dries overnight",
      "Two-way zip, works with cold fingers",
    ],
    option: { name: "Size", values: ["S/M", "L/XL"] },
  },
  {
    slug: "marker-float",
    sku: "SW-102",
    name: "Marker 28 Tow Float",
    category: "in-the-water",
    price: 3200,
    water: [2, 20],
    tile: "swell",
    line: "Be seen from the boat",
    story:
      "A bright float that follows you on a waist leash and carries 28 litres of dry kit. It is there so that others see you. It is not a lifejacket, and it will not argue with a current.",
    details: ["28 litre dry compartment", "Quick-release waist belt", "Two air chambers"],
  },
  {
    slug: "watch-cap",
    sku: "SW-103",
    name: "Ribbed Watch Cap",
    category: "getting-warm",
    price: 2800,
    water: [2, 13],
    tile: "shallow",
    line: "Lambswool, with a bobble you can find in the dark",
    story:
      "Knitted on the thick side from British lambswool. Wear it in for a head-up breaststroke, or keep it in the bag for afterwards, when it does the most good.",
    details: ["100% lambswool", "Double-layer brim", "Hand wash, dry flat"],
    option: { name: "Colour", values: ["Gorse", "Slate"] },
  },
  {
    slug: "three-mil-gloves",
    sku: "SW-104",
    name: "Three-Mil Gloves",
    category: "in-the-water",
    price: 3600,
    water: [2, 11],
    tile: "shingle",
    line: "For when your hands give up first",
    story:
      "Three millimetres of stretchy neoprene, glued and blind-stitched so the sea stays on the outside. Fingers stay useful enough to do up a zip afterwards.",
    details: ["3 mm limestone neoprene", "Textured palm", "Long cuff, goes over or under a sleeve"],
    option: { name: "Size", values: ["S", "M", "L", "XL"] },
  },
  {
    slug: "second-flask",
    sku: "SW-105",
    name: "Second Flask 750",
    category: "getting-warm",
    price: 3400,
    water: [2, 14],
    tile: "sand",
    line: "The first one is for your friends",
    story:
      "Three quarters of a litre, hot for twelve hours, with a cup that does not burn your lip. The wide neck takes soup. The paint takes a beating.",
    details: ["18/8 stainless steel, double wall", "Hot 12 h, cold 24 h", "Cup holds 180 ml"],
  },
  {
    slug: "low-light-goggles",
    sku: "SW-106",
    name: "Low-Light Goggles",
    category: "in-the-water",
    price: 2600,
    water: [4, 20],
    tile: "shallow",
    line: "Amber lenses for grey mornings",
    story:
      "Amber lifts contrast when sky and sea are the same colour. Soft gaskets leave no rings, and the strap adjusts from the side with one hand.",
    details: ["Amber polycarbonate lens", "Anti-fog coating, UV 400", "Three nose bridges in the box"],
  },
  {
    slug: "signal-cap",
    sku: "SW-107",
    name: "Signal Swim Cap",
    category: "in-the-water",
    price: 1200,
    water: [6, 20],
    tile: "shallow",
    line: "One colour. It is orange",
    story:
      "Thick silicone that keeps a little more heat in than the thin sort and does not pull your hair. We only make it in orange because orange gets seen.",
    details: ["60 g silicone", "Fits long hair", "Rinse, dust with talc, forget about it"],
  },
  {
    slug: "harbour-towel",
    sku: "SW-108",
    name: "Harbour Towel",
    category: "getting-warm",
    price: 3800,
    water: [11, 20],
    tile: "swell",
    line: "Flat-woven, packs to a fist",
    story:
      "A flat weave of cotton and linen that dries you on the first pass and itself on the way home. For the warm months; in January you want the robe.",
    details: ["70% cotton, 30% linen", "100 × 180 cm", "Softer with every wash"],
  },
  {
    slug: "rolltop-20",
    sku: "SW-109",
    name: "Rolltop 20 Dry Bag",
    category: "on-the-shore",
    price: 3000,
    water: [2, 20],
    tile: "shingle",
    line: "Dry things in, wet things out",
    story:
      "Twenty litres of welded tarpaulin with a flat base, so it stands up while you hop about on one leg. Roll three times, clip, done.",
    details: ["20 litres", "Welded seams, PVC-free", "Shoulder strap comes off"],
  },
  {
    slug: "bay-thermometer",
    sku: "SW-110",
    name: "Bay Thermometer",
    category: "on-the-shore",
    price: 1600,
    water: [2, 20],
    tile: "shallow",
    line: "Settles the argument",
    story:
      "A floating thermometer in oiled ash, on a cord. Hang it off the steps for three minutes. Everyone guesses first; that is the rule.",
    details: ["−5 to 40 °C, mercury-free", "FSC ash, linseed oil", "1.5 m cord"],
  },
  {
    slug: "year-of-tides",
    sku: "SW-111",
    name: "A Year of Tides",
    category: "on-the-shore",
    price: 1800,
    water: [2, 20],
    tile: "sand",
    line: "A wall chart of springs and neaps",
    story:
      "Twelve months of tide curves and moons in three colours, printed on heavy paper and hung from an oak rail. Choose the port nearest your water.",
    details: ["50 × 70 cm, 170 g paper", "Oak rails included", "Heights in metres, times in local time"],
    option: { name: "Port", values: ["Dover", "Falmouth", "Holyhead", "Leith"] },
  },
  {
    slug: "salt-balm",
    sku: "SW-112",
    name: "Salt Balm",
    category: "getting-warm",
    price: 1100,
    water: [2, 13],
    tile: "shingle",
    line: "For necks, knuckles and wetsuit rub",
    story:
      "Beeswax, rapeseed oil and a little sea buckthorn. Put it on before, where things rub, and after, where the wind got you.",
    details: ["60 ml tin", "No perfume, smells faintly of hay", "Made in small batches"],
  },
];

export const categories = [
  { id: "in-the-water", name: "In the water" },
  { id: "getting-warm", name: "Getting warm" },
  { id: "on-the-shore", name: "On the shore" },
];
