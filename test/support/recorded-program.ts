import * as pulumi from "@pulumi/pulumi";

/** A registration as the engine receives it: inputs in wire form, secrets in their envelopes, unknowns as sentinels. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly custom: boolean;
  readonly parent: string;
  readonly provider: string;
  readonly inputs: Record<string, unknown>;
  readonly dependencies: readonly string[];
  /** URNs by the property whose value was made from their outputs. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly additionalSecretOutputs: readonly string[];
  readonly ignoreChanges: readonly string[];
  readonly retainOnDelete: boolean;
  /** How long a creation may take, for example `30m`; empty where the provider decides. */
  readonly createTimeout: string;
}

/** What AWS and Kubernetes would answer, as far as the components read it. */
export type Answers = Readonly<
  Record<string, (inputs: Record<string, unknown>, name: string) => Record<string, unknown>>
>;

/** A question to a provider. */
export interface Call {
  readonly token: string;
  readonly inputs: Record<string, unknown>;
}

export interface RecordedProgram {
  readonly registrations: readonly Registration[];
  /** What components registered as their outputs, in wire form, by URN. */
  readonly componentOutputs: ReadonlyMap<string, Record<string, unknown>>;
  readonly calls: readonly Call[];
  /** Outputs of the program itself, with their values resolved. */
  readonly outputs: Record<string, unknown>;
}

interface RegisterRequest {
  getType(): string;
  getName(): string;
  getCustom(): boolean;
  getParent(): string;
  getProvider(): string;
  getDependenciesList(): string[];
  getPropertydependenciesMap(): { forEach(visit: (urns: { getUrnsList(): string[] }, property: string) => void): void };
  getAdditionalsecretoutputsList(): string[];
  getIgnorechangesList(): string[];
  getRetainondelete(): boolean;
  getCustomtimeouts(): { getCreate(): string } | undefined;
  getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
}

interface OutputsRequest {
  getUrn(): string;
  getOutputs(): { toJavaScript(): Record<string, unknown> } | undefined;
}

/**
 * Runs a program against Pulumi's mock engine and records every registration over the wire.
 * @throws what the program throws, now or in an output that nobody awaits.
 */
export async function record(
  program: () => Promise<Record<string, unknown>> | Record<string, unknown>,
  { preview = false, answers = {} }: { preview?: boolean; answers?: Answers } = {},
): Promise<RecordedProgram> {
  const calls: Call[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, id }) => {
        const state = { ...inputs, ...answers[type]?.(inputs, name) };
        return preview ? { id: undefined, state: {} } : { id: id || `${name}-id`, state };
      },
      call: ({ token, inputs }) => {
        calls.push({ token, inputs });
        return answers[token]?.(inputs, token) ?? {};
      },
    },
    "jupyterhub-eks",
    "test",
    preview,
  );
  const registrations: Registration[] = [];
  const componentOutputs = new Map<string, Record<string, unknown>>();
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource(
      request: RegisterRequest,
      callback: (error: unknown, response: { getUrn(): string }) => void,
    ): void;
    registerResourceOutputs(request: OutputsRequest, callback: (error: unknown, response: object) => void): void;
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) =>
    register(request, (error, response) => {
      if (!error) registrations.push(registration(request, response.getUrn()));
      callback(error, response);
    });
  const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
  monitor.registerResourceOutputs = (request, callback) => {
    componentOutputs.set(request.getUrn(), request.getOutputs()?.toJavaScript() ?? {});
    registerOutputs(request, callback);
  };
  const outputs = await withoutRejections(async () => {
    const stackOutputs = (await pulumi.runtime.runInPulumiStack(async () => program())) as Record<string, unknown>;
    await pulumi.runtime.disconnect();
    return stackOutputs;
  });
  return { registrations, componentOutputs, calls, outputs };
}

/** What rejects unobserved ends a real program; here it ends the run that it belongs to. */
async function withoutRejections<Result>(run: () => Promise<Result>): Promise<Result> {
  const listeners = process.listeners("unhandledRejection");
  const rejection = new Promise<never>((_, reject) => {
    process.removeAllListeners("unhandledRejection").on("unhandledRejection", reject);
  });
  const settled = async (result: Result) => {
    await new Promise(setImmediate);
    return result;
  };
  try {
    return await Promise.race([run().then(settled), rejection]);
  } finally {
    // Others that belong to this run follow on the heels of the first.
    await new Promise(setImmediate);
    process.removeAllListeners("unhandledRejection");
    for (const listener of listeners) process.on("unhandledRejection", listener);
  }
}

function registration(request: RegisterRequest, urn: string): Registration {
  const propertyDependencies: Record<string, string[]> = {};
  request.getPropertydependenciesMap().forEach((urns, property) => {
    propertyDependencies[property] = urns.getUrnsList();
  });
  return {
    type: request.getType(),
    name: request.getName(),
    urn,
    custom: request.getCustom(),
    parent: request.getParent(),
    provider: request.getProvider(),
    inputs: request.getObject()?.toJavaScript() ?? {},
    dependencies: request.getDependenciesList(),
    propertyDependencies,
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    ignoreChanges: request.getIgnorechangesList(),
    retainOnDelete: request.getRetainondelete(),
    createTimeout: request.getCustomtimeouts()?.getCreate() ?? "",
  };
}
