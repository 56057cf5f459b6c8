/** One figure of the product, and what it must reach. */
export interface Measurement {
  readonly name: string;
  readonly figure: number;
  readonly goal: number;
  readonly unit: "x" | "ms" | "MB";
}
