import { z } from "zod";
import { bytes, filledIn, memory } from "../formats";
import { isLess, type Relation } from "../relations";
import { userImage } from "./images";
import { wholeNumberSuchAs } from "./numbers";

const someCores = "expected a number of CPU cores above 0, for example 0.5";
export const cores = z.number(someCores).positive(someCores);

/** What users can choose between when they start a server. */
const profile = z.strictObject({
  /** What users see. */
  name: filledIn("Large memory").refine((name) => slug(name) !== "", {
    error: "expected letters or digits, because KubeSpawner makes a key of them, for example Large memory",
  }),
  description: z.string().optional(),
  /** The image. Default: that of `users.image`. */
  image: userImage.optional(),
  /** CPU cores. Default: those of `users.cpu`. */
  cpu: z.strictObject({ guarantee: cores.optional(), limit: cores.optional() }).optional(),
  /** Memory. Default: that of `users.memory`. */
  memory: z.strictObject({ guarantee: memory.optional(), limit: memory.optional() }).optional(),
  /** GPUs of NVIDIA. */
  gpu: wholeNumberSuchAs(1)
    .min(1, "expected at least 1, or no gpu at all for a profile without one")
    .max(16, "expected at most 16")
    .optional(),
  /** Groups whose members see the profile. Empty: everybody. */
  allowedGroups: z.array(filledIn("physics")).default([]),
});

export const profiles = z.array(profile).default([]);

/** What KubeSpawner makes of a profile's name: marks and accents do not count. */
function slug(name: string): string {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{Mark}/gu, "")
    .replace(/[^\p{Letter}\p{Number}]+/gu, "-")
    .replace(/^-|-$/g, "");
}

export const profileRelations: readonly Relation[] = [
  {
    path: ["users", "profiles"],
    broken: ({ users } = {}) => {
      const names = users?.profiles?.flatMap((each) => each?.name ?? []) ?? [];
      const twice = names.find((name, index) => names.slice(0, index).some((other) => slug(other) === slug(name)));
      return (
        twice !== undefined && `two profiles are called ${JSON.stringify(twice)}; expected a name of its own for each`
      );
    },
  },
  {
    path: ["users", "profiles"],
    broken: ({ users } = {}) => {
      const given = users?.profiles ?? [];
      return (
        given.length > 0 &&
        given.every((each) => (each?.allowedGroups?.length ?? 0) > 0) &&
        "each profile is for groups only, so that others could choose none; expected one without allowedGroups"
      );
    },
  },
  {
    path: ["users", "profiles"],
    broken: ({ users } = {}) => {
      const wrong = users?.profiles?.find((each) => {
        const { guarantee = users.cpu?.guarantee, limit = users.cpu?.limit } = each?.cpu ?? {};
        return isLess(limit, guarantee);
      });
      return (
        wrong && `the profile ${JSON.stringify(wrong.name)} has a CPU limit below its guarantee; expected at least that`
      );
    },
  },
  {
    path: ["users", "profiles"],
    broken: ({ users } = {}) => {
      const wrong = users?.profiles?.find((each) => {
        const { guarantee = users.memory?.guarantee, limit = users.memory?.limit } = each?.memory ?? {};
        return isLess(limit && bytes(limit), guarantee && bytes(guarantee));
      });
      return (
        wrong &&
        `the profile ${JSON.stringify(wrong.name)} has a memory limit below its guarantee; expected at least that`
      );
    },
  },
];
