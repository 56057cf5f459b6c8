import { coverage, uncheckable } from "./catalogue";
import type { Control, Pack, Verdict } from "./control";
import type { Example } from "./example";
import { exampleText } from "./example-text";

/** The page that lists every control, and every recommendation with the controls that cover it, as Markdown. */
export function cataloguePage(controls: readonly Control[]): string {
  return [
    "# Controls",
    "",
    "What the two policy packs check, generated from the controls themselves (`npm run docs`). The examples are run as tests, in",
    "every form in which a hub can be delivered: as a release of Helm, by either of Pulumi's chart components, and as manifests.",
    "",
    ...packSection("security", "Refuses what opens a hub to attack; mandatory unless configured otherwise.", controls),
    ...packSection("operations", "Advises on versions, review habits and upkeep.", controls),
    "## Recommendations and their controls",
    "",
    "The ids count what the articles recommend: TLS and domain, EXPosure, AUTHentication, SECrets, IMaGes, RBAC, cloud METAdata,",
    "NETwork policies, protecting USeRs from each other, and SUPport of what runs.",
    "",
    ...table(
      ["recommendation", "controls"],
      [...coverage(controls)]
        .filter(([, covering]) => covering.length > 0)
        .map(([id, covering]) => [id, covering.map(link).join(", ")]),
    ),
    "",
    "## What no program can check",
    "",
    ...table(
      ["recommendation", "", "why not", "instead"],
      uncheckable.map(({ id, recommendation, reason, instead }) => [id, recommendation, reason, instead]),
    ),
    "",
  ].join("\n");
}

function packSection(pack: Pack, about: string, controls: readonly Control[]): string[] {
  const members = controls.filter((control) => control.pack === pack);
  return [`## Pack \`${pack}\``, "", about, "", ...members.flatMap(section)];
}

function section({ name, title, severity, reference, why, source, remediation, examples = [] }: Control): string[] {
  return [
    `### ${name}`,
    "",
    `${title}. Severity: ${severity}. Covers ${reference.join(", ")}.`,
    "",
    `- **Why**: ${why}.`,
    `- **Source**: ${source}.`,
    `- **Fix**: ${cell(remediation)}.`,
    "",
    ...judged(examples, "pass", "Passes"),
    ...judged(examples, "fail", "Is refused"),
    ...judged(examples, "unknown", "Cannot be decided"),
  ];
}

/** The first example of a verdict as it is written, and the titles of the others. */
function judged(examples: readonly Example[], verdict: Verdict, heading: string): string[] {
  const [first, ...more] = examples.filter((example) => example.verdict === verdict);
  if (!first) return [];
  const others = more.length > 0 ? [`Also: ${more.map(({ title }) => cell(title)).join("; ")}.`, ""] : [];
  return [`${heading}: ${cell(first.title)}`, "", "```yaml", exampleText(first), "```", "", ...others];
}

function link({ name }: Control): string {
  return `[${name}](#${name})`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [header, header.map(() => "---"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |`);
}

/** Markdown takes a bar for the end of a cell, and an angle bracket for HTML. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
