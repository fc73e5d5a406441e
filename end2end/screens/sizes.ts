/** The windows that pictures are made of: a usual and a large screen, a tablet, a phone. */
export const SIZES = [
  { name: "1366", width: 1366, height: 768 },
  { name: "1920", width: 1920, height: 1080 },
  { name: "820", width: 820, height: 1180 },
  { name: "390", width: 390, height: 844 },
] as const;

export const SCHEMES = ["light", "dark"] as const;
