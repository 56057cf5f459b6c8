import type { ValueMap } from "../../chart/values";
import { securityControls } from "../../policies/controls";
import { type Configuration, type Judgement, judge } from "../../policies/evaluate";
import { plainProperties } from "../../policies/evidence/plain";
import type { Resource } from "../../policies/evidence/resource";
import type { RecordedProgram } from "./recorded-program";
import { open } from "./wire";

/** The resources of a recorded program, as controls see them. */
export function resourcesOf({ registrations }: Pick<RecordedProgram, "registrations">): Resource[] {
  return registrations.map(({ inputs, ...resource }) => ({
    ...resource,
    properties: plainProperties(open(inputs) as ValueMap),
    providerVersion: "4.34.2",
  }));
}

/** What the security pack's controls say of a recorded program. */
export function judged(
  program: Pick<RecordedProgram, "registrations">,
  configuration: Configuration = {},
): Judgement[] {
  return judge(resourcesOf(program), configuration, securityControls);
}

/** What the gate would stop or warn of, in its own words. */
export function alarms(program: Pick<RecordedProgram, "registrations">, configuration: Configuration = {}): string[] {
  return judged(program, configuration)
    .filter(({ verdict }) => verdict === "fail" || verdict === "unknown")
    .map(({ control, verdict, message }) => `${control} (${verdict}): ${message}`);
}
