import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LocalCloud } from "../local-cloud/session";
import type { Measurement } from "./measurement";
import { peakMemory, recordingMemory } from "./memory";
import { medianRatio } from "./statistics";
import { root, succeed, type Workbench } from "./workbench";

/**
 * A first preview of the dev stack behind the security pack, against a bare program that registers as many resources of the
 * same kinds with literal inputs behind an empty pack: same engine, same stand-ins.
 */
export async function measurePreview(workbench: Workbench, stackExport: string): Promise<Measurement[]> {
  const memory = join(workbench.folder, "memory");
  mkdirSync(memory);
  const resources = join(workbench.folder, "resources.json");
  writeFileSync(resources, JSON.stringify(literalResources(stackExport)));

  const hub = await workbench.open(root, recordingMemory(memory));
  const bare = await workbench.open(join(__dirname, "bare-program"), {
    ...recordingMemory(workbench.folder),
    BARE_RESOURCES: resources,
  });
  const preview = (cloud: LocalCloud, pack: string) => () =>
    succeed(cloud, "preview", "--policy-pack", join(root, pack));
  const ratio = await medianRatio(5, preview(hub, "policies/security"), preview(bare, "bench/empty-pack"));
  await Promise.all([hub.close(), bare.close()]);
  return [
    { name: "preview of dev, against a bare program", figure: ratio, goal: 1.3, unit: "x" },
    { name: "memory of the program", figure: peakMemory(memory, "run"), goal: 300, unit: "MB" },
    { name: "memory of the policy process", figure: peakMemory(memory, "run-policy-pack"), goal: 160, unit: "MB" },
  ];
}

interface ResourceState {
  readonly type: string;
  readonly urn: string;
  readonly custom: boolean;
  readonly inputs?: Record<string, unknown>;
}

function literalResources(stackExport: string): Pick<ResourceState, "type" | "custom" | "inputs">[] {
  const { deployment } = JSON.parse(stackExport) as { deployment: { resources: ResourceState[] } };
  return deployment.resources.filter(registeredByProgram).map(({ type, custom, inputs }) => ({
    type,
    custom,
    inputs: revealed(inputs ?? {}) as Record<string, unknown>,
  }));
}

/** Neither the stack nor default providers, which the engine makes, nor what the EKS component registers itself. */
function registeredByProgram({ type, urn }: ResourceState): boolean {
  if (type === "pulumi:pulumi:Stack" || /::default(_|$)/.test(urn)) return false;
  return !/[:$]eks:index:Cluster\$/.test(urn);
}

const secretSignature = "4dabf18193072939515e22adb298388d";

/** Secrets in the envelopes of `stack export --show-secrets` become plain values. */
function revealed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  if (secretSignature in value && "plaintext" in value) return JSON.parse(String(value.plaintext));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, revealed(each)]));
}
