import { at, type Found, own, UNKNOWN, type ValueMap } from "../../chart/values";
import { type Control, describe, type Finding, fail, notApplicable, pass, undecided, unknown } from "../control";
import { type Hub, hubTypes, onHub } from "../evidence/hub";
import { isTruthy } from "../evidence/truth";
import { offered, userPods } from "../evidence/user-pods";
import { otherChart } from "../example";

const typed = (choice: ValueMap): ValueMap => ({
  singleuser: {
    profileList: [
      {
        display_name: "Yours",
        profile_options: {
          image: { unlisted_choice: { enabled: true, kubespawner_override: { image: "{value}" }, ...choice } },
        },
      },
    ],
  },
});

export const typedImagesRestricted: Control = {
  name: "typed-images-restricted",
  title: "An image that a user types has to look like one of yours",
  reference: ["JX-07"],
  severity: "medium",
  pack: "security",
  why: "whoever chooses any image chooses what runs as the user's server, and what other users meet when they open it",
  source: "JupyterHub, Security Overview: protecting users from each other; KubeSpawner, profile_list",
  remediation:
    'give the unlisted_choice a validation_regex from the first character to the last, for example "^registry\\\\.acme\\\\.science/[\\\\w./-]+:[\\\\w.-]+$", or set its enabled: false',
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "a pattern", verdict: "pass", values: typed({ validation_regex: "^quay\\.io/acme/[\\w-]+:[\\w.-]+$" }) },
    { title: "no pattern", verdict: "fail", values: typed({}) },
    {
      title: "a pattern that anything may follow",
      verdict: "fail",
      values: typed({ validation_regex: "^quay\\.io/acme/" }),
    },
    { title: "a pattern that fits everything", verdict: "fail", values: typed({ validation_regex: "^.*$" }) },
    { title: "switched off", verdict: "notApplicable", values: typed({ enabled: false }) },
    {
      title: "something other than the image",
      verdict: "notApplicable",
      values: typed({ kubespawner_override: { mem_limit: "{value}" } }),
    },
    { title: "a pattern not known yet", verdict: "unknown", values: typed({ validation_regex: UNKNOWN }) },
    { title: "not known whether it is offered", verdict: "unknown", values: typed({ enabled: UNKNOWN }) },
    { title: "nothing is typed", verdict: "notApplicable", values: {} },
    otherChart,
  ],
  evaluate: onHub((hub) => {
    const findings = typedImages(hub).map(judgePattern);
    return findings.length > 0 ? findings : notApplicable("no profile lets users type an image");
  }),
};

interface TypedImage {
  readonly path: string;
  readonly enabled: true | typeof UNKNOWN;
  readonly pattern: Found;
}

function typedImages(hub: Hub): TypedImage[] {
  const list = userPods(hub)[0]?.setting("profile_list");
  return offered(list?.value, list?.path ?? "").flatMap((profile) =>
    offered(own(profile.value, "profile_options"), `${profile.path}.profile_options`).flatMap((option) => {
      const choice = own(option.value, "unlisted_choice");
      const image = at(choice, "kubespawner_override.image");
      const enabled = isTruthy(own(choice, "enabled"));
      const isTyped = image === UNKNOWN || (typeof image === "string" && image.includes("{value}"));
      if (enabled === false || !isTyped) return [];
      const path = `${option.path}.unlisted_choice.validation_regex`;
      return [{ path, enabled, pattern: own(choice, "validation_regex") }];
    }),
  );
}

/** KubeSpawner matches from the beginning (Python's re.match), so only the end has to be said. */
const fitsEverything = /^\^?\(?[.[](\^?\s?\])?[*+]\)?(\$|\\Z)$/;

function judgePattern({ path, enabled, pattern }: TypedImage): Finding {
  const expected = "a pattern of your images that ends with $";
  if (pattern === UNKNOWN) return unknown(path, describe(pattern), expected);
  const isWhole = typeof pattern === "string" && /(\$|\\Z)$/.test(pattern);
  if (isWhole && !fitsEverything.test(pattern)) return pass(path, "a pattern for the whole name");
  const found =
    typeof pattern !== "string" || pattern === ""
      ? "no pattern"
      : isWhole
        ? "a pattern for any image"
        : "a pattern for the beginning only";
  const finding = fail(path, found, expected);
  return enabled === UNKNOWN ? undecided(finding) : finding;
}
