import { z } from "zod";

const acknowledgement = "anybody may log in under any name";

/** No login at all, for trials: any name will do, without a password, an administrator's too. The gate refuses it. */
export const dummy = z.strictObject({
  provider: z.literal("dummy"),
  /** That this is known. */
  acknowledge: z.literal(acknowledgement, {
    error: `expected the words "${acknowledgement}", because that is what this login means; any other provider is safe`,
  }),
});
