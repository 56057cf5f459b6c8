import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type CloudOptions, type RunningCloud, startCloud } from "../../../local-cloud/cloud";
import type { Properties } from "../../../local-cloud/cloud/wire";

const struct = (value: Properties) => Struct.fromJavaScript(value as Parameters<typeof Struct.fromJavaScript>[0]);
const plain = (value: Struct | undefined) => (value?.toJavaScript() ?? {}) as Properties;

/** A resource as the engine holds it. */
export interface Made {
  readonly type: string;
  readonly urn: string;
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** One provider instance, spoken to as the engine does. */
export class Instance {
  constructor(private readonly client: ResourceProviderClient) {}

  configure(config: Properties): Promise<messages.ConfigureResponse> {
    const request = new messages.ConfigureRequest().setArgs(struct(config)).setAcceptsecrets(true);
    return this.call((done) => this.client.configure(request, done));
  }

  async checkConfig(news: Properties): Promise<string[]> {
    const request = new messages.CheckRequest().setNews(struct(news));
    const response = await this.call<messages.CheckResponse>((done) => this.client.checkConfig(request, done));
    return response.getFailuresList().map((failure) => failure.getReason());
  }

  async check(type: string, name: string, news: Properties, olds: Properties = {}) {
    const request = new messages.CheckRequest()
      .setUrn(urnOf(type, name))
      .setOlds(struct(olds))
      .setNews(struct(news))
      .setRandomseed(new Uint8Array(randomBytes(32)));
    const response = await this.call<messages.CheckResponse>((done) => this.client.check(request, done));
    const failures = response.getFailuresList().map((each) => `${each.getProperty()}: ${each.getReason()}`);
    return { inputs: plain(response.getInputs()), failures };
  }

  /** Checks and creates, as `pulumi up` does. */
  async make(type: string, name: string, news: Properties, timeoutSeconds = 0): Promise<Made> {
    const { inputs, failures } = await this.check(type, name, news);
    if (failures.length > 0) throw new Error(failures.join("\n"));
    return this.create(type, name, inputs, timeoutSeconds);
  }

  async create(type: string, name: string, inputs: Properties, timeoutSeconds = 0): Promise<Made> {
    const urn = urnOf(type, name);
    const request = new messages.CreateRequest().setUrn(urn).setProperties(struct(inputs)).setTimeout(timeoutSeconds);
    const response = await this.call<messages.CreateResponse>((done) => this.client.create(request, done));
    return { type, urn, id: response.getId(), inputs, outputs: plain(response.getProperties()) };
  }

  async preview(type: string, name: string, news: Properties): Promise<Properties> {
    const { inputs, failures } = await this.check(type, name, news);
    if (failures.length > 0) throw new Error(failures.join("\n"));
    const request = new messages.CreateRequest()
      .setUrn(urnOf(type, name))
      .setProperties(struct(inputs))
      .setPreview(true);
    const response = await this.call<messages.CreateResponse>((done) => this.client.create(request, done));
    return plain(response.getProperties());
  }

  async diff(made: Made, news: Properties) {
    const { inputs } = await this.check(made.type, nameOf(made.urn), news, made.inputs);
    const request = new messages.DiffRequest()
      .setUrn(made.urn)
      .setId(made.id)
      .setOlds(struct(made.outputs))
      .setOldInputs(struct(made.inputs))
      .setNews(struct(inputs));
    const response = await this.call<messages.DiffResponse>((done) => this.client.diff(request, done));
    return {
      changed: response.getDiffsList(),
      replaces: response.getReplacesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
    };
  }

  async update(made: Made, news: Properties, preview = false): Promise<Made> {
    const { inputs, failures } = await this.check(made.type, nameOf(made.urn), news, made.inputs);
    if (failures.length > 0) throw new Error(failures.join("\n"));
    const request = new messages.UpdateRequest()
      .setUrn(made.urn)
      .setId(made.id)
      .setOlds(struct(made.outputs))
      .setOldInputs(struct(made.inputs))
      .setNews(struct(inputs))
      .setPreview(preview);
    const response = await this.call<messages.UpdateResponse>((done) => this.client.update(request, done));
    return { ...made, inputs, outputs: plain(response.getProperties()) };
  }

  async read(type: string, name: string, id: string, state: Properties = {}) {
    const request = new messages.ReadRequest().setUrn(urnOf(type, name)).setId(id).setProperties(struct(state));
    const response = await this.call<messages.ReadResponse>((done) => this.client.read(request, done));
    return { id: response.getId(), outputs: plain(response.getProperties()) };
  }

  async remove(made: Made): Promise<void> {
    const request = new messages.DeleteRequest().setUrn(made.urn).setId(made.id).setProperties(struct(made.outputs));
    await this.call((done) => this.client.delete(request, done));
  }

  async invoke(token: string, args: Properties): Promise<Properties> {
    const request = new messages.InvokeRequest().setTok(token).setArgs(struct(args));
    const response = await this.call<messages.InvokeResponse>((done) => this.client.invoke(request, done));
    return plain(response.getReturn());
  }

  async construct(type: string, name: string, inputs: Properties, monitorAddress: string): Promise<Properties> {
    const request = new messages.ConstructRequest()
      .setType(type)
      .setName(name)
      .setInputs(struct(inputs))
      .setMonitorendpoint(monitorAddress);
    const response = await this.call<messages.ConstructResponse>((done) => this.client.construct(request, done));
    return plain(response.getState());
  }

  async cancel(): Promise<void> {
    await this.call((done) => this.client.cancel(new Empty(), done));
  }

  close(): void {
    this.client.close();
  }

  private call<T>(start: (done: (error: grpc.ServiceError | null, response: T) => void) => void): Promise<T> {
    return new Promise((resolve, reject) =>
      start((error, response) => (error ? reject(new Error(error.details)) : resolve(response))),
    );
  }
}

export const urnOf = (type: string, name: string): string => `urn:pulumi:dev::test::${type}::${name}`;
const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);

/** A running local cloud with a file of its own. */
export class World {
  private constructor(
    readonly statePath: string,
    private running: RunningCloud,
    private readonly instances: Instance[] = [],
  ) {}

  static async start(options: Partial<CloudOptions> = {}): Promise<World> {
    const statePath = join(mkdtempSync(join(tmpdir(), "local-cloud-test-")), "cloud.jsonl");
    return new World(statePath, await startCloud({ faults: [], statePath, ...options }));
  }

  /** A fresh provider instance, configured if a configuration is given. */
  async instance(provider: string, config?: Properties): Promise<Instance> {
    const ports = new Map(this.running.debugProviders.split(",").map((each) => each.split(":") as [string, string]));
    // Connections are pooled per address and options; the engine, too, opens one for each instance.
    const options = { "grpc.use_local_subchannel_pool": 1 };
    const address = `127.0.0.1:${ports.get(provider)}`;
    const instance = new Instance(new ResourceProviderClient(address, grpc.credentials.createInsecure(), options));
    this.instances.push(instance);
    if (config !== undefined) await instance.configure(config);
    return instance;
  }

  aws(region = "eu-central-1"): Promise<Instance> {
    return this.instance("aws", { region });
  }

  /** The same account in a new process, so to speak. */
  async restart(options: Partial<CloudOptions> = {}): Promise<void> {
    await this.stop();
    this.running = await startCloud({ faults: [], statePath: this.statePath, ...options });
  }

  async stop(): Promise<void> {
    for (const instance of this.instances.splice(0)) instance.close();
    await this.running.close();
  }

  async end(): Promise<void> {
    await this.stop();
    rmSync(join(this.statePath, ".."), { recursive: true });
  }
}
