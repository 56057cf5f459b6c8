import { randomBytes } from "node:crypto";
import { Journal } from "./journal";
import type { Properties, Value } from "./wire";

/** What holds for the whole simulated AWS account. */
export interface Account {
  /** Twelve digits. */
  readonly id: string;
  /** Public DNS zones that the account owns from the start and keeps for ever. */
  readonly zones: readonly string[];
  /** Records that others keep in public DNS, for names in no zone of the account; default: none. */
  readonly records?: readonly PublicRecord[];
  /** What AWS Secrets Manager keeps from the start, by ARN; default: nothing. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** A record in public DNS. */
export interface PublicRecord {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

/** One thing that exists in the account. */
export interface CloudObject {
  /** Pulumi's type token. */
  readonly type: string;
  /** Where its id is unique: a region, a Kubernetes cluster, or "" for the whole account. */
  readonly scope: string;
  readonly id: string;
  /** What it was made of. Properties that held a secret are left out: the account's file never contains one. */
  readonly inputs: Properties;
  /** What the cloud filled in. */
  readonly computed: Properties;
  /** Key of the thing whose deletion takes this one along. */
  readonly owner?: string;
  /** Key of the thing that it came with, and that leaves it behind. */
  readonly maker?: string;
  /** When it was made. */
  readonly made?: string;
  /** It was there before any deployment and stays. */
  readonly permanent?: boolean;
}

export const keyOf = (object: Pick<CloudObject, "type" | "scope" | "id">): string =>
  `${object.type}#${object.scope}#${object.id}`;

/** Inputs and computed properties of an object as one. */
export const propertiesOf = (object: CloudObject): Properties => ({ ...object.inputs, ...object.computed });

/** Everything that exists in one account, remembered in a file. */
export class Cloud {
  readonly #journal: Journal<CloudObject>;

  constructor(
    statePath: string,
    readonly account: Account,
  ) {
    this.#journal = new Journal<CloudObject>(statePath, keyOf);
    for (const zone of account.zones) this.#ownZone(zone);
  }

  get(type: string, scope: string, id: Value | undefined): CloudObject | undefined {
    return typeof id === "string" ? this.#journal.get(keyOf({ type, scope, id })) : undefined;
  }

  list(type: string): CloudObject[] {
    return this.all().filter((object) => object.type === type);
  }

  /** Objects of a type in a scope whose properties have these values. */
  where(type: string, scope: string, wanted: Properties): CloudObject[] {
    return this.list(type).filter((object) => {
      if (object.scope !== scope) return false;
      const properties = propertiesOf(object);
      return Object.entries(wanted).every(([name, value]) => properties[name] === value);
    });
  }

  all(): CloudObject[] {
    return [...this.#journal.values()];
  }

  put(object: CloudObject): void {
    const made = this.#journal.get(keyOf(object))?.made ?? new Date().toISOString();
    this.#journal.put({ ...object, made });
  }

  /** Removes an object and, with it, what it owns. */
  remove(key: string): void {
    for (const object of this.all()) if (object.owner === key) this.remove(keyOf(object));
    this.#journal.remove(key);
  }

  close(): void {
    this.#journal.close();
  }

  #ownZone(name: string): void {
    const type = "aws:route53/zone:Zone";
    if (this.list(type).some((zone) => zone.permanent && zone.inputs.name === name)) return;
    const id = `Z${identifier(20).toUpperCase()}`;
    const nameServers = [1, 2, 3, 4].map((each) => `ns-${each}.dns.${name}`);
    this.put({
      type,
      scope: "",
      id,
      inputs: { name, comment: "", tags: {} },
      computed: { zoneId: id, arn: `arn:aws:route53:::hostedzone/${id}`, nameServers },
      permanent: true,
    });
  }
}

/** Random lower-case hexadecimal digits, the way AWS makes ids. */
export const identifier = (length: number): string =>
  randomBytes(Math.ceil(length / 2))
    .toString("hex")
    .slice(0, length);
