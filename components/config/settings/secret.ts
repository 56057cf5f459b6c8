import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

/**
 * A secret: `pulumi config set --secret` in a stack, a Pulumi secret in code. Its value is never shown.
 * @param path where it lies, for the message. It also has to be named in `secretSettings`.
 */
export const secret = (path: string) =>
  z
    .custom<pulumi.Output<string>>((value) => pulumi.Output.isInstance(value), {
      error: `expected a secret, for example by \`pulumi config set --secret --path ${path}\``,
      params: { secret: true },
      abort: false,
    })
    .transform((value) => pulumi.secret(value));
