import type { Truth } from "../../chart/three-valued";
import { type Found, UNKNOWN } from "../../chart/values";

/** AWS resources take booleans also as texts. */
export function isOn(value: Found): Truth {
  if (value === UNKNOWN) return UNKNOWN;
  return value === true || (typeof value === "string" && value.toLowerCase() === "true");
}

/** Whether a flag is explicitly off; absent is not off. */
export function isOff(value: Found): Truth {
  if (value === UNKNOWN) return UNKNOWN;
  return value === false || (typeof value === "string" && value.toLowerCase() === "false");
}

/** A number, also one written as a text. */
export function toNumber(value: Found): Found {
  return typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
}
