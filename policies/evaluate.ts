import type { Found } from "../chart/values";
import { type ControlConfiguration, covers, type Exemption, readConfiguration } from "./configuration";
import { type Context, type Control, type Finding, fail, gravest, type Severity, type Verdict } from "./control";
import { controls as allControls } from "./controls";
import { releaseInputs } from "./evidence/hub";
import { withHubs } from "./evidence/hubs";
import { makeStack, type Resource, type Stack } from "./evidence/resource";
import { readSettings, type Settings } from "./settings";
import { whereThrown } from "./where-thrown";

export { fromStackExport } from "./evidence/stack-export";

/** One control's verdict on one resource. */
export interface Judgement {
  readonly control: string;
  readonly reference: readonly string[];
  readonly severity: Severity;
  readonly verdict: Verdict;
  /** URN. */
  readonly resource: string;
  /** Dotted path of the property that decided, of a hub from the root of its values; or null. */
  readonly path: string | null;
  /** What was found, where, and what is expected. */
  readonly message: string;
  readonly remediation: string;
  /** The accepted risk that takes this failure out of the count. */
  readonly exemption?: Exemption;
}

/** Configuration of the pack: `settings`, and per control its options and exemptions. */
export type Configuration = Readonly<Record<string, Found>>;

/**
 * Judges resources as they are, without engine: every control on every resource it applies to, in the controls' order.
 *
 * @param resources a complete stack
 * @param configuration as given to the pack by `--policy-pack-config`; what is wrong with it is ignored here
 */
export function judge(
  resources: readonly Resource[],
  configuration: Configuration = {},
  controls: readonly Control[] = allControls,
): Judgement[] {
  const stack = makeStack(withHubs(resources), true);
  const { settings } = readSettings(configuration.settings);
  return controls.flatMap((control) => {
    const configured = readConfiguration(control, configuration[control.name]);
    return stack.ofType(...control.types).map((resource) => judgeOne(control, resource, stack, settings, configured));
  });
}

/** Judges one resource by one control; a control that throws has failed, and says so. */
export function judgeOne(
  control: Control,
  resource: Resource,
  stack: Stack,
  settings: Settings,
  configured: ControlConfiguration,
): Judgement {
  const findings = evaluate(control, resource, { stack, settings, options: configured.options }).map((finding) =>
    fromRoot(finding, resource),
  );
  const first = findings[0] as Finding;
  const settled = first.verdict === "pass" || first.verdict === "notApplicable";
  const remedies = new Set(findings.map((finding) => finding.remediation ?? control.remediation));
  const exemption = settled ? undefined : configured.exemptions.find((candidate) => covers(candidate, resource));
  return {
    control: control.name,
    reference: control.reference,
    severity: control.severity,
    verdict: first.verdict,
    resource: resource.urn,
    path: first.path,
    message: [...new Set((settled ? [first] : findings).map(sentence))].join("\n"),
    remediation: [...remedies].join("\n"),
    ...(exemption ? { exemption } : {}),
  };
}

/** Paths count from the root of all values, not only of those of a hub inside of another chart. */
function fromRoot(finding: Finding, { valuesPrefix }: Resource): Finding {
  const { path } = finding;
  if (valuesPrefix === undefined || path === null || releaseInputs.includes(path)) return finding;
  return { ...finding, path: `${valuesPrefix}${path}` };
}

function evaluate(control: Control, resource: Resource, context: Context): readonly Finding[] {
  try {
    return gravest(control.evaluate(resource, context));
  } catch (error) {
    return [
      fail(
        null,
        `the control itself broke (${whereThrown(error)})`,
        "a verdict",
        "report this to the authors of the pack",
      ),
    ];
  }
}

function sentence({ path, found, expected }: Finding): string {
  const where = path === null ? "" : `${path}: `;
  return expected === undefined ? `${where}${found}` : `${where}found ${found}; expected ${expected}`;
}
