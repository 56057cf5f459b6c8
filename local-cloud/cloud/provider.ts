import type { Cloud } from "./cloud";
import type { Problem, ProviderConfig, ResourceType } from "./resource-type";
import type { Properties } from "./wire";

/** A function of a provider, for example a lookup; throws where the real one fails. */
export type ProviderFunction = (args: Properties, config: ProviderConfig, cloud: Cloud) => Properties;

/** A component whose children this provider registers. */
export type Constructor = (request: ConstructRequest) => Promise<ConstructResult>;

export interface ConstructRequest {
  readonly type: string;
  readonly name: string;
  readonly parent: string;
  readonly inputs: Properties;
  /** URNs that each input depends on. */
  readonly inputDependencies: ReadonlyMap<string, string[]>;
  readonly dependsOn: string[];
  /** References of the providers that the component passes on, by package. */
  readonly providers: ReadonlyMap<string, string>;
  readonly aliases: string[];
  readonly protect: boolean;
  readonly monitorAddress: string;
}

export interface ConstructResult {
  readonly urn: string;
  readonly outputs: Properties;
  /** URNs that every output depends on. */
  readonly dependencies: string[];
}

/** A stand-in for one Pulumi provider. */
export interface Provider {
  readonly name: string;
  /** Version of the SDK whose provider it stands in for. */
  readonly version: string;
  readonly typeOf: (token: string) => ResourceType | undefined;
  readonly functions: Readonly<Record<string, ProviderFunction>>;
  readonly checkConfig?: (config: Properties) => Problem[];
  /** Changed settings of a provider instance that replace everything it made. */
  readonly configReplaces?: (olds: Properties, news: Properties) => string[];
  readonly construct?: Constructor;
}
