import type {
  EnforcementLevel,
  Policies,
  PolicyConfigSchema,
  PolicyResource,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";
import type { Found } from "../../chart/values";
import { type ControlConfiguration, covers, readConfiguration } from "../configuration";
import type { Control, Severity } from "../control";
import { type Judgement, judgeOne } from "../evaluate";
import { namesExistingSecret } from "../evidence/hub";
import { hubsIn, withHubs } from "../evidence/hubs";
import { plainProperties } from "../evidence/plain";
import { makeStack, type Resource, type Stack } from "../evidence/resource";
import { defaultSettings, readSettings, type Settings, settingsSchema } from "../settings";

/** A policy that is asked both when a resource is registered and when the stack is complete. */
type TwoPhasePolicy = ResourceValidationPolicy & StackValidationPolicy;

/**
 * CrossGuard policies of the given controls, with the policy `settings` before them.
 *
 * `settings` sees every resource first: it keeps their inputs for the controls that judge across resources, because the engine's
 * stack phase has only outputs, and at a first preview a release has none of its values there. Each control then answers twice:
 * when a resource is registered, about what no other resource can change, which stops it before it is created; and when the
 * stack is complete, about the rest.
 */
export function crossguardPolicies(controls: readonly Control[]): Policies {
  const memory = new Memory();
  return [settingsPolicy(memory), ...controls.map((control) => controlPolicy(control, memory))];
}

/** What the pack's process knows while one preview or update runs. */
class Memory {
  settings: Settings = defaultSettings;
  /** Controls that have judged something, with what the user configured for them. */
  readonly configured = new Map<Control, ControlConfiguration>();
  private readonly recorded = new Map<string, Resource>();
  private analysed: { readonly urn: string; readonly subjects: readonly Resource[] } | undefined;
  private complete: Stack | undefined;

  configurationOf(control: Control, config: object): ControlConfiguration {
    const configured = this.configured.get(control) ?? readConfiguration(control, config as Found);
    this.configured.set(control, configured);
    return configured;
  }

  record(args: ResourceValidationArgs): void {
    const resource = resourceOf(args);
    this.complete = undefined;
    this.recorded.set(args.urn, resource);
    this.analysed = { urn: args.urn, subjects: this.subjectsIn(resource) };
  }

  /** What there is to judge in the resource under analysis; `settings` has just recorded it, unless it is disabled. */
  subjects(args: ResourceValidationArgs): readonly Resource[] {
    return this.analysed?.urn === args.urn ? this.analysed.subjects : this.subjectsIn(resourceOf(args));
  }

  /** Whether a control judges something in the resource under analysis; undefined when that is not recorded. */
  concerns(control: Control): boolean | undefined {
    return this.analysed?.subjects.some(({ type }) => control.types.includes(type));
  }

  private subjectsIn(resource: Resource): readonly Resource[] {
    return hubsIn(resource, (urn) => this.recorded.get(urn));
  }

  /** The complete stack, once it is; `settings` is the first to ask for it, unless it is disabled. */
  get known(): Stack | undefined {
    return this.complete;
  }

  /** The complete stack: recorded inputs with the links that only the stack phase tells. Built once for all controls. */
  stack(resources: PolicyResource[]): Stack {
    if (this.recorded.size === 0) return this.assemble(resources);
    this.complete ??= this.assemble(resources);
    return this.complete;
  }

  private assemble(resources: PolicyResource[]): Stack {
    return makeStack(withHubs(resources.map((resource) => this.linked(resource))), true);
  }

  private linked(resource: PolicyResource): Resource {
    const { type, name, urn, parent, dependencies, propertyDependencies } = resource;
    const recorded = this.recorded.get(urn);
    return {
      type,
      name,
      urn,
      properties: recorded?.properties ?? plainProperties(resource.props),
      providerVersion: recorded?.providerVersion ?? providerVersion(resource),
      parent: parent?.urn,
      dependencies: dependencies.map((dependency) => dependency.urn),
      propertyDependencies: Object.fromEntries(
        Object.entries(propertyDependencies).map(([property, sources]) => [
          property,
          sources.map((source) => source.urn),
        ]),
      ),
    };
  }
}

/** What is known of the stack while its resources are still being registered: nothing that could not change. */
const registering = makeStack([], false);

function resourceOf(args: ResourceValidationArgs): Resource {
  return {
    type: args.type,
    name: args.name,
    urn: args.urn,
    properties: plainProperties(args.props),
    providerVersion: providerVersion(args),
    parent: args.opts.parent,
  };
}

function providerVersion({ provider }: Pick<ResourceValidationArgs, "provider">): string | undefined {
  const version: unknown = provider && Object.getOwnPropertyDescriptor(provider.props, "version")?.value;
  return typeof version === "string" ? version : undefined;
}

function settingsPolicy(memory: Memory): TwoPhasePolicy {
  return {
    name: "settings",
    description: "Settings of the pack: profile and what is assumed of parts that the stack does not show",
    displayName: "Settings",
    configSchema: { properties: settingsSchema } as unknown as PolicyConfigSchema,
    validateResource: (args) => {
      memory.settings = readSettings(args.getConfig() as Found).settings;
      memory.record(args);
    },
    validateStack: (args, report) => {
      for (const problem of readSettings(args.getConfig() as Found).problems) report(problem);
      const stack = memory.stack(args.resources);
      for (const [control, configured] of memory.configured) {
        for (const message of misconfigured(control, configured, stack)) reportAs(control, message, report);
      }
    },
  };
}

/** What is wrong with a control's configuration, exemptions that exempt nothing included. */
function misconfigured(control: Control, { problems, exemptions }: ControlConfiguration, stack: Stack): string[] {
  const subjects = stack.ofType(...control.types);
  const idle = exemptions.filter((exemption) => !subjects.some((subject) => covers(exemption, subject)));
  return [
    ...problems,
    ...idle.map(
      ({ resource }) => `the exemption for "${resource}" matches no resource that this control judges: remove it`,
    ),
  ];
}

function controlPolicy(control: Control, memory: Memory): TwoPhasePolicy {
  /** Subjects about which the registration phase has said all. */
  const settled = new Set<string>();

  const validateResource = (args: ResourceValidationArgs, report: ReportViolation) => {
    const subjects = memory.subjects(args).filter(({ type }) => control.types.includes(type));
    const judgements = subjects.flatMap((subject) => {
      const configured = memory.configurationOf(control, args.getConfig());
      const judgement = judgeOne(control, subject, registering, memory.settings, configured);
      const needsStack = control.scope === "stack" || namesExistingSecret(subject);
      if (needsStack && judgement.verdict !== "fail") return [];
      settled.add(identity(subject));
      tell(judgement, control, memory.settings, report);
      return [judgement];
    });
    const [first] = judgements;
    if (first && judgements.every(({ verdict }) => verdict === "notApplicable")) args.notApplicable(first.message);
  };
  skipUnless(() => memory.concerns(control), validateResource);

  const policy: ResourceValidationPolicy = {
    name: control.name,
    description: control.title,
    displayName: control.title,
    severity: control.severity,
    framework: {
      name: "JupyterHub on EKS control catalogue",
      version: "1",
      reference: control.reference.join(", "),
      specification: control.source,
    },
    remediationSteps: control.remediation,
    configSchema: schemaOf(control),
    validateResource,
  };
  const isOpen = (subject: Resource) => !settled.has(identity(subject));
  const validateStack = (args: StackValidationArgs, report: ReportViolation) => {
    const stack = memory.stack(args.resources);
    const configured = memory.configurationOf(control, args.getConfig());
    for (const subject of stack.ofType(...control.types).filter(isOpen)) {
      tell(judgeOne(control, subject, stack, memory.settings, configured), control, memory.settings, report);
    }
  };
  skipUnless(() => memory.known?.ofType(...control.types).some(isOpen), validateStack);
  return { ...policy, validateStack };
}

/**
 * The SDK skips a function that carries the type of none of the resources at hand, and does not even decode them for it.
 *
 * @param isNeeded undefined when nobody knows before the resources are decoded
 */
function skipUnless(isNeeded: () => boolean | undefined, validate: object): void {
  Object.defineProperty(validate, "__pulumiType", {
    get: () => (isNeeded() === false ? "jupyterhub-eks:nothing-to-judge" : undefined),
  });
}

/** Tells subjects apart, of which one resource can hold several, or turn out in the end to be another one. */
function identity({ urn, type, valuesPrefix = "" }: Resource): string {
  return `${urn} ${type} ${valuesPrefix}`;
}

/** Reports a failure at the policy's own level, what is undecided or exempted as advice, and nothing else. */
function tell(judgement: Judgement, control: Control, settings: Settings, report: ReportViolation): void {
  const { verdict, message, remediation, exemption, resource } = judgement;
  const advice = `Why: ${control.why}.\nFix: ${remediation}`;
  if (exemption) {
    const exempted = `Exempted until ${exemption.expires}: ${exemption.reason}`;
    advise(report, control, `${message}\n${exempted}`, resource);
  } else if (verdict === "fail") {
    report(`${message}\n${advice}`, resource);
  } else if (verdict === "unknown" && settings.profile === "strict") {
    report(`Cannot be decided: ${message}\n${advice}`, resource);
  } else if (verdict === "unknown") {
    advise(report, control, `Cannot be decided: ${message}\n${advice}`, resource);
  }
}

/** Reports at advisory level, whatever the policy's own level is. */
function advise(report: ReportViolation, control: Control, message: string, urn: string): void {
  diagnose(report, {
    message: `${control.title}\n${message}`,
    description: control.title,
    enforcementLevel: "advisory",
    urn,
  });
}

/** Reports in the name of a control what another policy noticed. */
function reportAs(control: Control, message: string, report: ReportViolation): void {
  const { name, title, severity } = control;
  diagnose(report, { name, severity, description: title, message: `${title}\n${message}` });
}

interface Diagnostic {
  readonly message: string;
  readonly description: string;
  readonly name?: string;
  readonly severity?: Severity;
  readonly enforcementLevel?: EnforcementLevel;
  readonly urn?: string;
}

/**
 * The reporting function takes a whole diagnostic as well as a text (server.js of @pulumi/policy, makeReportViolationFun), which
 * its type does not say. The declared way to an advisory, throwing an UnknownValueError, works once per policy and resource only,
 * with a text of the SDK's that names neither what was expected nor what to set.
 */
function diagnose(report: ReportViolation, diagnostic: Diagnostic): void {
  (report as unknown as (diagnostic: Diagnostic) => void)(diagnostic);
}

function schemaOf(control: Control): PolicyConfigSchema {
  const properties = {
    exemptions: {
      type: "array",
      description:
        "Accepted risks: resource (name or URN, * allowed), reason, and the last day on which it holds (YYYY-MM-DD)",
      items: { type: "object" },
    },
    ...control.options,
  };
  return { properties } as unknown as PolicyConfigSchema;
}
