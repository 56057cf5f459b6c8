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
  readonly additionalSecretOutputs: readonly string[];
  readonly ignoreChanges: readonly string[];
}

/** What AWS and Kubernetes would answer, as far as the components read it. */
export type Answers = Readonly<
  Record<string, (inputs: Record<string, unknown>, name: string) => Record<string, unknown>>
>;

export interface RecordedProgram {
  readonly registrations: readonly Registration[];
  readonly outputs: Record<string, unknown>;
}

interface RegisterRequest {
  getType(): string;
  getName(): string;
  getCustom(): boolean;
  getParent(): string;
  getProvider(): string;
  getDependenciesList(): string[];
  getAdditionalsecretoutputsList(): string[];
  getIgnorechangesList(): string[];
  getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
}

/** Runs a program against Pulumi's mock engine and records every registration over the wire. */
export async function record(
  program: () => Promise<Record<string, unknown>> | Record<string, unknown>,
  { preview = false, answers = {} }: { preview?: boolean; answers?: Answers } = {},
): Promise<RecordedProgram> {
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, id }) => {
        const state = { ...inputs, ...answers[type]?.(inputs, name) };
        return preview ? { id: undefined, state: {} } : { id: id || `${name}-id`, state };
      },
      call: ({ token, inputs }) => answers[token]?.(inputs, token) ?? {},
    },
    "jupyterhub-eks",
    "test",
    preview,
  );
  const registrations: Registration[] = [];
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource(
      request: RegisterRequest,
      callback: (error: unknown, response: { getUrn(): string }) => void,
    ): void;
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) =>
    register(request, (error, response) => {
      if (!error) registrations.push(registration(request, response.getUrn()));
      callback(error, response);
    });
  const outputs = (await pulumi.runtime.runInPulumiStack(async () => program())) as Record<string, unknown>;
  await pulumi.runtime.disconnect();
  return { registrations, outputs };
}

function registration(request: RegisterRequest, urn: string): Registration {
  return {
    type: request.getType(),
    name: request.getName(),
    urn,
    custom: request.getCustom(),
    parent: request.getParent(),
    provider: request.getProvider(),
    inputs: request.getObject()?.toJavaScript() ?? {},
    dependencies: request.getDependenciesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    ignoreChanges: request.getIgnorechangesList(),
  };
}
