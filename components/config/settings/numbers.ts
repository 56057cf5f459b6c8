import { z } from "zod";

/** Not z.int(), whose refusal would keep relations between settings from being judged. */
export const wholeNumber = z.number().refine(Number.isSafeInteger, "expected a whole number");

/** The same where no default is an example. */
export const wholeNumberSuchAs = (example: number) => {
  const words = `expected a whole number, for example ${example}`;
  return z.number(words).refine(Number.isSafeInteger, words);
};

/** Days that CloudWatch accepts as a retention. */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export const logRetention = z.number().refine((days) => retentionDays.includes(days), {
  error: `expected a number of days that CloudWatch knows: ${retentionDays.join(", ")}`,
});
