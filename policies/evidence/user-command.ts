import { at, type Found } from "../../chart/values";
import { decidingTextOf, variablesOf } from "./pod-secrets";
import { wordsOf } from "./truth";
import type { UserPod } from "./user-pods";

/** A part of a server's command line as words, with the path that decided them. */
export interface Words {
  readonly path: string;
  readonly words: Found[];
}

/** How a user's server is started: program, and arguments. Without a program the image's own starts, without these arguments. */
export function commandOf(pod: UserPod): [command: Words, args: Words] {
  return ["cmd", "args"].map((name): Words => {
    const set = pod.setting(name);
    const isChart = name === "cmd" && set.value === undefined;
    const path = isChart ? "singleuser.cmd" : set.path;
    return { path, words: wordsOf(isChart ? at(pod.hub.values, path) : set.value) };
  }) as [Words, Words];
}

/** What more the start scripts of the Jupyter images hand to the server. */
export function argumentsByVariable(pod: UserPod): Words[] {
  return variablesOf(pod)
    .filter(({ name }) => name === "NOTEBOOK_ARGS")
    .map((variable) => ({ path: variable.path, words: wordsOf(decidingTextOf(variable)) }));
}
