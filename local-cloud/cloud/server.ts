import * as grpc from "@grpc/grpc-js";
import * as pluginMessages from "@pulumi/pulumi/proto/plugin_pb";
import { type IResourceProviderServer, ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { listen, UNLIMITED_MESSAGES } from "../grpc-server";
import type { Cloud } from "./cloud";
import type { Faults } from "./faults";
import * as lifecycle from "./lifecycle";
import type { Provider } from "./provider";
import { type Problem, type ProviderConfig, Refusal } from "./resource-type";
import * as wire from "./wire";

export interface RunningServer {
  readonly port: number;
  stop(): void;
}

/** Answers Pulumi's provider protocol for one provider on a free port of the loopback interface. */
export async function serve(provider: Provider, cloud: Cloud, faults: Faults): Promise<RunningServer> {
  const server = new grpc.Server(UNLIMITED_MESSAGES);
  server.addService(
    ResourceProviderService,
    implementation(provider, cloud, faults) as grpc.UntypedServiceImplementation,
  );
  const port = await listen(server, `the stand-in for ${provider.name}`);
  return { port, stop: () => server.forceShutdown() };
}

type Call<Request> = grpc.ServerUnaryCall<Request, unknown>;

function implementation(provider: Provider, cloud: Cloud, faults: Faults): Partial<IResourceProviderServer> {
  // The engine opens one connection per provider instance, so the peer tells instances apart.
  const configs = new Map<string, ProviderConfig>();
  let programDirectory = "";
  const configOf = (call: Call<unknown>): ProviderConfig => {
    const distinct = new Map([...configs.values()].map((config) => [JSON.stringify(config), config]));
    const own = configs.get(call.getPeer());
    if (own === undefined && distinct.size > 1) throw new Error(`this instance of ${provider.name} is not configured`);
    return own ?? [...distinct.values()][0] ?? {};
  };

  const contextOf = (call: Call<{ getUrn(): string }>): lifecycle.Context => {
    const urn = call.request.getUrn();
    const token = tokenOf(urn);
    const type = provider.typeOf(token);
    if (type === undefined) {
      throw new Error(`the local cloud does not know ${token}; see local-cloud/cloud/${provider.name}`);
    }
    return { token, type, urn, cloud, config: configOf(call), typeOf: provider.typeOf };
  };

  /** Runs an operation that may be refused, and puts a refusal into the provider's words. */
  const attempt = async <T>(
    context: lifecycle.Context,
    operation: "create" | "update" | "delete",
    subject: string,
    run: () => T,
  ): Promise<T> => {
    await faults.strike(context.token, operation, false);
    let result: T;
    try {
      result = run();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw new Error(context.type.describe(operation, subject, error));
    }
    await faults.strike(context.token, operation, true);
    return result;
  };

  return {
    attach: unary(() => new Empty()),
    handshake: unary((call: Call<messages.ProviderHandshakeRequest>) => {
      programDirectory = call.request.getProgramDirectory() ?? "";
      return new messages.ProviderHandshakeResponse()
        .setAcceptSecrets(true)
        .setAcceptResources(true)
        .setAcceptOutputs(false);
    }),
    getPluginInfo: unary(() => new pluginMessages.PluginInfo().setVersion(provider.version)),
    cancel: unary(() => {
      faults.cancel();
      return new Empty();
    }),

    checkConfig: unary((call: Call<messages.CheckRequest>) => {
      const inputs = properties(call.request.getNews());
      const problems = provider.checkConfig?.(wire.revealAll(inputs)) ?? [];
      return new messages.CheckResponse().setInputs(struct(inputs)).setFailuresList(problems.map(failure));
    }),
    diffConfig: unary((call: Call<messages.DiffRequest>) => {
      const olds = properties(call.request.getOldInputs());
      const news = properties(call.request.getNews());
      return changes(
        lifecycle.configChange(olds, news, provider.configReplaces?.(wire.revealAll(olds), wire.revealAll(news)) ?? []),
      );
    }),
    configure: unary((call: Call<messages.ConfigureRequest>) => {
      const args = parseConfig(wire.revealAll(properties(call.request.getArgs())));
      configs.set(call.getPeer(), { ...args, programDirectory });
      return new messages.ConfigureResponse()
        .setAcceptsecrets(true)
        .setAcceptresources(true)
        .setAcceptoutputs(false)
        .setSupportspreview(true);
    }),

    check: unary((call: Call<messages.CheckRequest>) => {
      const { request } = call;
      const seed = Buffer.from(request.getRandomseed_asU8());
      const { inputs, problems } = lifecycle.check(
        contextOf(call),
        properties(request.getOlds()),
        properties(request.getNews()),
        seed,
      );
      return new messages.CheckResponse().setInputs(struct(inputs)).setFailuresList(problems.map(failure));
    }),
    diff: unary((call: Call<messages.DiffRequest>) => {
      const { request } = call;
      const change = lifecycle.diff(contextOf(call), properties(request.getOldInputs()), properties(request.getNews()));
      return changes(change);
    }),
    create: unary(async (call: Call<messages.CreateRequest>) => {
      const { request } = call;
      const timeoutSeconds = request.getTimeout();
      const context = { ...contextOf(call), ...(timeoutSeconds > 0 && { timeoutSeconds }) };
      const inputs = properties(request.getProperties());
      if (request.getPreview()) {
        return new messages.CreateResponse().setProperties(struct(lifecycle.previewCreate(context, inputs)));
      }
      const made = await attempt(context, "create", nameOf(request.getUrn()), () => lifecycle.create(context, inputs));
      return new messages.CreateResponse().setId(made.id).setProperties(struct(made.outputs));
    }),
    read: unary((call: Call<messages.ReadRequest>) => {
      const { request } = call;
      const found = lifecycle.read(
        contextOf(call),
        request.getId(),
        properties(request.getInputs()),
        properties(request.getProperties()),
      );
      if (found === undefined) return new messages.ReadResponse();
      return new messages.ReadResponse()
        .setId(request.getId())
        .setInputs(struct(found.inputs))
        .setProperties(struct(found.outputs));
    }),
    update: unary(async (call: Call<messages.UpdateRequest>) => {
      const { request } = call;
      const context = contextOf(call);
      const olds = properties(request.getOlds());
      const news = properties(request.getNews());
      if (request.getPreview()) {
        return new messages.UpdateResponse().setProperties(struct(lifecycle.previewUpdate(context, olds, news)));
      }
      const outputs = await attempt(context, "update", request.getId(), () =>
        lifecycle.update(context, request.getId(), olds, news),
      );
      return new messages.UpdateResponse().setProperties(struct(outputs));
    }),
    delete: unary(async (call: Call<messages.DeleteRequest>) => {
      const { request } = call;
      const context = contextOf(call);
      await attempt(context, "delete", request.getId(), () =>
        lifecycle.remove(context, request.getId(), properties(request.getProperties())),
      );
      return new Empty();
    }),

    invoke: unary((call: Call<messages.InvokeRequest>) => {
      const token = call.request.getTok();
      const run = provider.functions[token];
      if (run === undefined) {
        throw new Error(`the local cloud does not know the function ${token}; see local-cloud/cloud/${provider.name}`);
      }
      const args = wire.revealAll(wire.resolveReferences(properties(call.request.getArgs())) as wire.Properties);
      return new messages.InvokeResponse().setReturn(struct(run(args, configOf(call), cloud)));
    }),
    construct: unary(async (call: Call<messages.ConstructRequest>) => {
      if (provider.construct === undefined) throw new Error(`${provider.name} has no components`);
      const { request } = call;
      const { urn, outputs, dependencies } = await provider.construct({
        type: request.getType(),
        name: request.getName(),
        parent: request.getParent(),
        inputs: properties(request.getInputs()),
        inputDependencies: asMap(request.getInputdependenciesMap(), (urns) => urns.getUrnsList()),
        dependsOn: request.getDependenciesList(),
        providers: asMap(request.getProvidersMap(), (provider) => provider),
        aliases: request.getAliasesList().flatMap((alias) => (alias.hasUrn() ? [alias.getUrn()] : [])),
        protect: request.getProtect() ?? false,
        monitorAddress: request.getMonitorendpoint(),
      });
      const response = new messages.ConstructResponse().setUrn(urn).setState(struct(outputs));
      for (const name of Object.keys(outputs)) {
        const urns = new messages.ConstructResponse.PropertyDependencies().setUrnsList(dependencies);
        response.getStatedependenciesMap().set(name, urns);
      }
      return response;
    }),
  };
}

/** Adapts a function that returns or throws to gRPC's callbacks. */
function unary<Request, Response>(run: (call: Call<Request>) => Response | Promise<Response>) {
  return async (call: Call<Request>, callback: grpc.sendUnaryData<Response>) => {
    try {
      callback(null, await run(call));
    } catch (error) {
      const details = error instanceof Error ? error.message : String(error);
      callback({ code: grpc.status.UNKNOWN, details });
    }
  };
}

/** Nested provider config travels as JSON strings. */
function parseConfig(args: wire.Properties): ProviderConfig {
  const parsed = Object.entries(args).map(([key, value]) => {
    const nested = typeof value === "string" && key !== "kubeconfig" && /^[[{]/.test(value);
    return [key, nested ? JSON.parse(value) : value];
  });
  return Object.fromEntries(parsed);
}

function changes({ paths, replaces, deleteBeforeReplace }: lifecycle.Change): messages.DiffResponse {
  const { DiffChanges } = messages.DiffResponse;
  const response = new messages.DiffResponse()
    .setChanges(paths.length > 0 ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE)
    .setDiffsList(paths)
    .setReplacesList(replaces)
    .setDeletebeforereplace(deleteBeforeReplace);
  return response;
}

/** The protocol's own maps have no proper iterators. */
function asMap<From, To>(
  map: { forEach(visit: (value: From, key: string) => void): void },
  convert: (value: From) => To,
) {
  const result = new Map<string, To>();
  map.forEach((value, key) => {
    result.set(key, convert(value));
  });
  return result;
}

const failure = ({ property, reason }: Problem) => new messages.CheckFailure().setProperty(property).setReason(reason);
const struct = (value: wire.Properties): Struct =>
  Struct.fromJavaScript(value as Parameters<typeof Struct.fromJavaScript>[0]);
const properties = (value: Struct | undefined): wire.Properties => (value?.toJavaScript() ?? {}) as wire.Properties;
const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);

/** A URN is `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`. */
function tokenOf(urn: string): string {
  const qualified = urn.split("::")[2] ?? "";
  return qualified.slice(qualified.lastIndexOf("$") + 1);
}
