import { isDeepStrictEqual } from "node:util";
import { type Cloud, type CloudObject, keyOf, propertiesOf } from "./cloud";
import {
  type Problem,
  type ProviderConfig,
  type Reference,
  Refusal,
  type ResourceType,
  type Subject,
} from "./resource-type";
import * as wire from "./wire";

/** What every operation on a resource needs to know. */
export interface Context {
  readonly token: string;
  readonly type: ResourceType;
  readonly urn: string;
  readonly config: ProviderConfig;
  readonly cloud: Cloud;
  readonly typeOf: (token: string) => ResourceType | undefined;
  /** How long the program lets a creation take, if it says so. */
  readonly timeoutSeconds?: number;
}

/** Inputs that the provider itself filled in, remembered the way bridged Terraform providers do. */
const defaulted = "__defaults";

const logicalName = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);

/** Completes what the program gives, and says what is wrong with it. */
export function check(context: Context, olds: wire.Properties, news: wire.Properties, seed: Buffer) {
  const { type, urn, config, cloud } = context;
  const resolved = wire.resolveReferences(news) as wire.Properties;
  const named = withName(type, urn, olds, resolved, seed);
  const inputs = type.normalize?.(named, { urn, olds, config, cloud, seed }) ?? named;
  const missing = (type.required ?? [])
    .filter((property) => inputs[property] === undefined || inputs[property] === null)
    .map(
      (property): Problem => ({
        property,
        reason: `Missing required argument. The argument "${property}" is required`,
      }),
    );
  const problems = [...missing, ...tooLong(type, inputs), ...(type.check?.(wire.revealAll(inputs), config) ?? [])];
  return { inputs, problems };
}

function withName(type: ResourceType, urn: string, olds: wire.Properties, news: wire.Properties, seed: Buffer) {
  const { property, lower } = type.autoName ?? { property: "" };
  const named = news[property] !== undefined && news[property] !== null && news[property] !== "";
  if (type.autoName === undefined || named || news[`${property}Prefix`] !== undefined) return news;
  const kept = Array.isArray(olds[defaulted]) && olds[defaulted].includes(property) ? olds[property] : undefined;
  const logical = lower ? logicalName(urn).toLowerCase() : logicalName(urn);
  const suffix = seed.toString("hex").slice(0, 7);
  return { ...news, [property]: kept ?? `${logical}-${suffix}`, [defaulted]: [property] };
}

/** A bridged provider does not shorten what it makes names of. */
function tooLong({ autoName }: ResourceType, inputs: wire.Properties): Problem[] {
  if (autoName === undefined || !asList(inputs[defaulted]).includes(autoName.property)) return [];
  const name = String(inputs[autoName.property]);
  if (name.length <= autoName.max) return [];
  const prefix = name.slice(0, -7);
  return [
    {
      property: autoName.property,
      reason: `name '${prefix}' plus 7 random chars is longer than maximum length ${autoName.max}`,
    },
  ];
}

export interface Change {
  /** Paths that differ. */
  readonly paths: string[];
  /** Those that cannot change in place. */
  readonly replaces: string[];
  readonly deleteBeforeReplace: boolean;
}

/** What differs between two sets of inputs, and whether the thing can change in place. */
export function diff({ type }: Context, oldInputs: wire.Properties, newInputs: wire.Properties): Change {
  const olds = comparable(oldInputs);
  const news = comparable(newInputs);
  const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter((name) => !name.startsWith("__"));
  const paths = names.filter((name) => !isDeepStrictEqual(olds[name] ?? null, news[name] ?? null));
  const replaces = (type.replaceOn ?? []).filter(
    (path) => !isDeepStrictEqual(wire.valueAt(olds, path) ?? null, wire.valueAt(news, path) ?? null),
  );
  // Two things of one name cannot exist at once, unless the provider chose the name.
  const name = chosenName(type, newInputs);
  const keepsName = name !== undefined && name === chosenName(type, oldInputs);
  return { paths, replaces, deleteBeforeReplace: replaces.length > 0 && keepsName };
}

/** The name that the program itself gave. */
function chosenName(type: ResourceType, inputs: wire.Properties): wire.Value | undefined {
  if (type.chosenName !== undefined) return type.chosenName(wire.revealAll(inputs));
  const property = type.autoName?.property ?? type.unique?.[0];
  if (property === undefined || asList(inputs[defaulted]).includes(property)) return undefined;
  const name = inputs[property];
  return name === undefined || name === null ? undefined : wire.reveal(name);
}

const asList = (value: wire.Value | undefined): wire.Value[] => (Array.isArray(value) ? value : []);

/** Plain values in which lists of strings, which are sets to AWS, have one order, and null means absent. */
function comparable(inputs: wire.Properties): wire.Properties {
  const order = (value: wire.Value): wire.Value => {
    const isSet = Array.isArray(value) && value.every((each) => typeof each === "string");
    if (Array.isArray(value)) return isSet ? [...value].sort() : value.map(order);
    if (!wire.isProperties(value)) return value;
    const kept = Object.entries(value).filter(([, child]) => child !== null);
    return Object.fromEntries(kept.map(([key, child]) => [key, order(child)]));
  };
  return order(wire.revealAll(inputs)) as wire.Properties;
}

/** Outputs as far as they are known before the thing exists. */
export function previewCreate(context: Context, inputs: wire.Properties): wire.Properties {
  const { type } = context;
  return withComputed(type, given(context, inputs), () => wire.unknown);
}

/** Outputs as far as they are known before the thing changes. */
export function previewUpdate(context: Context, olds: wire.Properties, inputs: wire.Properties): wire.Properties {
  const { type } = context;
  return withComputed(type, given(context, inputs), (path) =>
    type.changing?.includes(path) ? wire.unknown : (wire.valueAt(olds, path) ?? wire.unknown),
  );
}

/** Makes the thing, unless the account refuses it. */
export function create(context: Context, inputs: wire.Properties): { id: string; outputs: wire.Properties } {
  const { type } = context;
  const subject = subjectOf(context, inputs);
  admit(context, subject);
  if (!type.ephemeral) refuseTwin(context, subject);
  const outputs = withComputed(type, given(context, inputs), (_, compute) => compute(subject));
  remember(context, subject, outputs);
  return { id: subject.id, outputs };
}

/** Refuses a second thing of the same id, or of the same unique properties. */
function refuseTwin({ type, cloud, token }: Context, { scope, id, inputs }: Subject): void {
  const unique = Object.fromEntries((type.unique ?? []).map((name) => [name, inputs[name] ?? null]));
  const twin = type.unique === undefined ? cloud.get(token, scope, id) : cloud.where(token, scope, unique)[0];
  if (twin === undefined) return;
  const [name = id] = Object.values(unique);
  throw type.exists?.(String(name)) ?? new Refusal("AlreadyExists", `${id} already exists`);
}

/** Changes the thing in place; what the cloud filled in stays, except for what counts changes. */
export function update(context: Context, id: string, olds: wire.Properties, inputs: wire.Properties): wire.Properties {
  const { type } = context;
  const subject = { ...subjectOf(context, inputs), id, before: wire.revealAll(olds) };
  if (!type.ephemeral && context.cloud.get(context.token, subject.scope, id) === undefined) throw type.missing(id);
  admit(context, subject);
  const outputs = withComputed(type, given(context, inputs), (path, compute) =>
    type.changing?.includes(path) ? compute(subject) : (wire.valueAt(olds, path) ?? compute(subject)),
  );
  remember(context, subject, outputs);
  return outputs;
}

/** What the account knows of the thing; undefined if there is no such thing. */
export function read(context: Context, id: string, inputs: wire.Properties, state: wire.Properties) {
  const { type, cloud, config, token } = context;
  if (type.ephemeral) return { inputs, outputs: state };
  const object = cloud.get(token, type.scope(wire.revealAll({ ...state, ...inputs }), config, cloud), id);
  if (object === undefined) return undefined;
  const imported = Object.keys(inputs).length === 0;
  return {
    inputs: imported ? object.inputs : inputs,
    outputs: { ...state, ...type.defaults, ...propertiesOf(object) },
  };
}

/** Deletes the thing, unless something needs it. What is gone already is fine. */
export function remove(context: Context, id: string, state: wire.Properties): void {
  const { type, cloud, config, token } = context;
  if (type.ephemeral) return;
  const object = cloud.get(token, type.scope(wire.revealAll(state), config, cloud), id);
  if (object === undefined) return;
  const gone = [object, ...cloud.all().filter(({ owner }) => owner === keyOf(object))];
  const user = cloud
    .all()
    .find((each) => !gone.includes(each) && gone.some((one) => holds(context.typeOf(each.type), each, one)));
  if (user !== undefined) {
    throw type.inUse?.(object, user) ?? new Refusal("DependencyViolation", `${id} is in use by ${user.id}`);
  }
  type.release?.(object, cloud);
  cloud.remove(keyOf(object));
}

/** Does the user refer to the object in a way that forbids its deletion? */
function holds(type: ResourceType | undefined, user: CloudObject, object: CloudObject): boolean {
  return Object.entries(type?.references ?? {}).some(([path, target]) => {
    if (target.weak || target.to !== object.type) return false;
    const named = target.by === undefined ? object.id : propertiesOf(object)[target.by];
    return wire.valuesAt(user.inputs, path).some((value) => value === named);
  });
}

function subjectOf({ type, urn, config, cloud, timeoutSeconds }: Context, inputs: wire.Properties): Subject {
  const plain = wire.revealAll(inputs);
  const scope = type.scope(plain, config, cloud);
  const allowed = timeoutSeconds === undefined ? {} : { timeoutSeconds };
  const half = { inputs: plain, name: logicalName(urn), scope, config, cloud, ...allowed };
  return { ...half, id: type.id(half) };
}

function admit(context: Context, subject: Subject): void {
  for (const [path, target] of Object.entries(context.type.references ?? {})) {
    for (const named of wire.valuesAt(subject.inputs, path)) {
      if (typeof named !== "string" || named === "" || target.external?.(named)) continue;
      if (find(context.cloud, target, subject.scope, named) === undefined) {
        throw context.typeOf(target.to)?.missing(named) ?? new Refusal("NotFound", `${named} does not exist`);
      }
    }
  }
  context.type.admit?.(subject);
}

function find(cloud: Cloud, target: Reference, scope: string, named: string): CloudObject | undefined {
  const where = target.scope ?? scope;
  return target.by === undefined
    ? cloud.get(target.to, where, named)
    : cloud.where(target.to, where, { [target.by]: named })[0];
}

/** What is known of the outputs without asking the cloud. */
function given({ type, config }: Context, inputs: wire.Properties): wire.Properties {
  const set = Object.entries(inputs).filter(([name, value]) => !name.startsWith("__") && value !== null);
  return { ...type.defaults, ...type.known?.(inputs, config), ...Object.fromEntries(set) };
}

type Compute = (subject: Subject) => wire.Value;

/** Adds computed properties that the program does not set itself. */
function withComputed(
  type: ResourceType,
  properties: wire.Properties,
  value: (path: string, compute: Compute) => wire.Value,
) {
  let result = properties;
  for (const [path, compute] of Object.entries(type.computed ?? {})) {
    if ((wire.valueAt(result, path) ?? null) === null) result = wire.withValueAt(result, path, value(path, compute));
  }
  for (const name of type.secretOutputs ?? []) {
    const open = result[name];
    if (open !== undefined) result = { ...result, [name]: wire.secret(open) };
  }
  return result;
}

function remember({ type, token, cloud }: Context, subject: Subject, outputs: wire.Properties): void {
  if (type.ephemeral) return;
  const open = Object.fromEntries(Object.entries(outputs).filter(([, value]) => !wire.containsSecret(value)));
  const isInput = (name: string) => name in subject.inputs || name in (type.defaults ?? {});
  const inputs = Object.fromEntries(Object.entries(open).filter(([name]) => isInput(name)));
  const computed = Object.fromEntries(Object.entries(open).filter(([name]) => !isInput(name)));
  const object: CloudObject = { type: token, scope: subject.scope, id: subject.id, inputs, computed };
  cloud.put(object);
  for (const companion of type.companions?.(object, cloud) ?? []) {
    cloud.put(companion.owner === undefined ? { ...companion, maker: keyOf(object) } : companion);
  }
}

/** What differs between two configurations of a provider instance. */
export function configChange(olds: wire.Properties, news: wire.Properties, replaces: string[]): Change {
  const differs = (name: string) =>
    !isDeepStrictEqual(wire.reveal(olds[name] ?? null), wire.reveal(news[name] ?? null));
  const paths = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(differs);
  return { paths, replaces, deleteBeforeReplace: false };
}
