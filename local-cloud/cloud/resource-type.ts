import type { Cloud, CloudObject } from "./cloud";
import type { Properties, Value } from "./wire";

/** Something wrong with a property, found without looking at the account: shown at preview already. */
export interface Problem {
  readonly property: string;
  readonly reason: string;
}

/** The configuration of one provider instance, revealed. */
export type ProviderConfig = Properties;

/** What the functions of a resource type get to see. Inputs are plain: no secret marks, references as ids. */
export interface Subject {
  readonly inputs: Properties;
  /** The resource's id; at creation the one it is going to have. */
  readonly id: string;
  /** Logical name in the program. */
  readonly name: string;
  readonly scope: string;
  readonly config: ProviderConfig;
  readonly cloud: Cloud;
  /** Outputs before an update. */
  readonly before?: Properties;
  /** How long the program lets a creation take, if it says so. */
  readonly timeoutSeconds?: number;
}

/** A property that names another object. Such an object must exist, and cannot be deleted meanwhile unless `weak`. */
export interface Reference {
  readonly to: string;
  /** Property of the other object that is named; default: its id. */
  readonly by?: string;
  /** The other object can be deleted all the same. */
  readonly weak?: boolean;
  /** The other object may live in another scope (IAM is global). */
  readonly scope?: string;
  /** Values that need no object of this account, for example policies that AWS keeps. */
  readonly external?: (value: string) => boolean;
}

/** How a name is made up when the program gives none. */
export interface AutoName {
  readonly property: string;
  readonly max: number;
  readonly lower?: boolean;
}

/**
 * One kind of thing in the account, as plain data: what it needs, what it refers to, what the cloud fills in, what can change
 * in place.
 */
export interface ResourceType {
  readonly required?: readonly string[];
  /** Known values of properties that the program leaves out. */
  readonly defaults?: Properties;
  /** Further outputs that a preview can tell already. */
  readonly known?: (inputs: Properties, config: ProviderConfig) => Properties;
  /** What the cloud fills in, by dotted path: unknown in the preview that creates the thing. */
  readonly computed?: Readonly<Record<string, (subject: Subject) => Value>>;
  /** Computed properties that change with every update. */
  readonly changing?: readonly string[];
  readonly secretOutputs?: readonly string[];
  /** Properties, or dotted paths, that cannot change in place. */
  readonly replaceOn?: readonly string[];
  readonly autoName?: AutoName;
  /** The name that a program gave by itself, where that is no plain property. */
  readonly chosenName?: (inputs: Properties) => string | undefined;
  /** Properties that no two things in one scope may share. */
  readonly unique?: readonly string[];
  readonly references?: Readonly<Record<string, Reference>>;
  /** Turns inputs into what the provider stores, before anything else sees them. */
  readonly normalize?: (
    inputs: Properties,
    subject: { urn: string; olds: Properties; config: ProviderConfig; cloud: Cloud; seed: Buffer },
  ) => Properties;
  readonly check?: (inputs: Properties, config: ProviderConfig) => Problem[];
  readonly id: (subject: Omit<Subject, "id">) => string;
  readonly scope: (inputs: Properties, config: ProviderConfig, cloud: Cloud) => string;
  /** Refuses, by throwing, what the account's state does not allow. Runs before creation and update. */
  readonly admit?: (subject: Subject) => void;
  /** Refuses a deletion, by throwing, beyond what references forbid. */
  readonly release?: (object: CloudObject, cloud: Cloud) => void;
  /** What comes into being along with it. */
  readonly companions?: (object: CloudObject, cloud: Cloud) => CloudObject[];
  /** Error for a reference to something of this type that does not exist. */
  readonly missing: (name: string) => Refusal;
  readonly exists?: (name: string) => Refusal;
  /** Error for a deletion while something refers to it. */
  readonly inUse?: (object: CloudObject, user: CloudObject) => Refusal;
  /** Puts an error into the words of the real provider. */
  readonly describe: (operation: "create" | "update" | "delete" | "read", subject: string, refusal: Refusal) => string;
  /** Nothing of it lives in the account: values that the provider makes up. */
  readonly ephemeral?: boolean;
}

/** The cloud's "no": a code for programs and a message for people. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export function refuse(code: string, message: string): never {
  throw new Refusal(code, message);
}
