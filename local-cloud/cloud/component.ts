import * as grpc from "@grpc/grpc-js";
import * as resourceGrpc from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { UNLIMITED_MESSAGES } from "../grpc-server";
import type { ConstructRequest } from "./provider";
import { type Properties, resolveReferences, unknown, type Value } from "./wire";

/** A resource that the engine has taken in. */
export interface Registered {
  readonly urn: string;
  /** Unknown at preview. */
  readonly id: Value;
  /** Outputs; unknown at preview where the provider cannot tell. */
  readonly outputs: Properties;
}

export interface Registration {
  readonly type: string;
  readonly name: string;
  readonly parent: string;
  readonly inputs: Properties;
  /** Components have no provider of their own. */
  readonly component?: boolean;
  /** Reference of the provider to use; default: the package's default provider. */
  readonly provider?: string | undefined;
  /** Providers that children of a component inherit. */
  readonly providers?: ReadonlyMap<string, string>;
  /** Version of the package, which picks the default provider. */
  readonly version?: string;
  readonly dependsOn?: readonly string[];
  readonly ignoreChanges?: readonly string[];
  readonly aliases?: readonly string[];
  readonly protect?: boolean;
}

/** The engine's resource monitor, spoken to directly: property values pass through as they are on the wire. */
export class Monitor {
  readonly #client: resourceGrpc.ResourceMonitorClient;

  constructor(address: string) {
    this.#client = new resourceGrpc.ResourceMonitorClient(
      address,
      grpc.credentials.createInsecure(),
      UNLIMITED_MESSAGES,
    );
  }

  async register(resource: Registration): Promise<Registered> {
    const inputs = Object.fromEntries(Object.entries(resource.inputs).filter(([, value]) => value !== undefined));
    const request = new messages.RegisterResourceRequest()
      .setType(resource.type)
      .setName(resource.name)
      .setParent(resource.parent)
      .setCustom(!resource.component)
      .setObject(Struct.fromJavaScript(inputs as Parameters<typeof Struct.fromJavaScript>[0]))
      .setAcceptsecrets(true)
      .setAcceptresources(true)
      .setSupportspartialvalues(true)
      .setProvider(resource.provider ?? "")
      .setVersion(resource.version ?? "")
      .setDependenciesList([...(resource.dependsOn ?? [])])
      .setIgnorechangesList([...(resource.ignoreChanges ?? [])])
      .setAliasurnsList([...(resource.aliases ?? [])]);
    if (resource.protect) request.setProtect(true);
    for (const [name, provider] of resource.providers ?? []) request.getProvidersMap().set(name, provider);
    const response = await call<messages.RegisterResourceResponse>((done) =>
      this.#client.registerResource(request, done),
    );
    const outputs = (response.getObject()?.toJavaScript() ?? {}) as Properties;
    return { urn: response.getUrn(), id: response.getId() || unknown, outputs: { ...inputs, ...outputs } };
  }

  /** Registers the component that the engine asks for, as it asks for it. */
  construct(request: ConstructRequest): Promise<Registered> {
    const { type, name, parent, inputs, providers, aliases, protect } = request;
    const dependsOn = [...request.dependsOn, ...[...request.inputDependencies.values()].flat()];
    return this.register({ type, name, parent, inputs, component: true, providers, dependsOn, aliases, protect });
  }

  async registerOutputs(urn: string, outputs: Properties): Promise<void> {
    const request = new messages.RegisterResourceOutputsRequest()
      .setUrn(urn)
      .setOutputs(Struct.fromJavaScript(outputs as Parameters<typeof Struct.fromJavaScript>[0]));
    await call((done) => this.#client.registerResourceOutputs(request, done));
  }

  /** Outputs of a resource that is registered already, for example one that a reference leads to. */
  async outputsOf(urn: string): Promise<Registered> {
    const request = new messages.ResourceInvokeRequest()
      .setTok("pulumi:pulumi:getResource")
      .setArgs(Struct.fromJavaScript({ urn }))
      .setAcceptresources(true);
    const response = await call<{ getReturn(): Struct | undefined }>((done) =>
      this.#client.invoke(request, done as never),
    );
    const { id, state } = (response.getReturn()?.toJavaScript() ?? {}) as { id?: string; state?: Properties };
    return { urn, id: id || unknown, outputs: state ?? {} };
  }

  /** Calls a function of a provider. */
  async invoke(token: string, args: Properties, provider: string | undefined, version: string): Promise<Properties> {
    const request = new messages.ResourceInvokeRequest()
      .setTok(token)
      .setArgs(Struct.fromJavaScript(args as Parameters<typeof Struct.fromJavaScript>[0]))
      .setProvider(provider ?? "")
      .setVersion(version)
      .setAcceptresources(true);
    const response = await call<{ getReturn(): Struct | undefined }>((done) =>
      this.#client.invoke(request, done as never),
    );
    return (response.getReturn()?.toJavaScript() ?? {}) as Properties;
  }

  close(): void {
    this.#client.close();
  }
}

function call<Response>(
  start: (done: (error: grpc.ServiceError | null, response: Response) => void) => void,
): Promise<Response> {
  return new Promise((resolve, reject) =>
    start((error, response) => (error ? reject(new Error(error.details)) : resolve(response))),
  );
}

/** An output of a registered resource; unknown when the preview cannot tell. */
export function output({ outputs }: Registered, name: string): Value {
  return resolveReferences(outputs[name] ?? unknown);
}
