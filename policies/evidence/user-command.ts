import { at, type Found } from "../../chart/values";
import { wordsOf } from "./truth";
import type { UserPod } from "./user-pods";

const commandSettings = ["cmd", "args"];

/** How a user's server is started: program and arguments, each as words with the path that decided them. */
export function commandOf(pod: UserPod): { path: string; words: Found[] }[] {
  return commandSettings.map((name) => {
    const set = pod.setting(name);
    const chart = name === "cmd" ? at(pod.hub.values, "singleuser.cmd") : undefined;
    return set.value === undefined
      ? { path: name === "cmd" ? "singleuser.cmd" : set.path, words: wordsOf(chart) }
      : { path: set.path, words: wordsOf(set.value) };
  });
}
