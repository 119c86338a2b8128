export { bytes, clockTime, count, counted, duration, percent, span } from "./figures.ts";
export { renderJson } from "./formats/json.ts";
export { renderTerminal, type TerminalOptions } from "./formats/terminal.ts";
