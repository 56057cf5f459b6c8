import { UNKNOWN } from "../../chart/values";
import { imagesPinned } from "../../policies/controls/images";
import { describeControl, hub, kubespawner, otherRelease, profile } from "./support";

const hex = "9f2c4e81b7d05a3386f1c2d94be07a6510e8f3b29cd7461a5b83e0f4972d6c1b";

describeControl(imagesPinned, [
  ["chart default", "pass", hub({})],
  ["a tag", "pass", hub({ singleuser: { image: { name: "quay.io/a/b", tag: "2026-01-15" } } })],
  ["a digest", "pass", hub({ singleuser: { image: { name: "quay.io/a/b", tag: `latest@sha256:${hex}` } } })],
  ["latest", "fail", hub({ singleuser: { image: { name: "quay.io/a/b", tag: "latest" } } })],
  ["latest in capitals", "fail", hub({ hub: { image: { tag: "LATEST" } } })],
  ["an empty tag", "fail", hub({ singleuser: { image: { tag: "" } } })],
  ["the article's placeholder", "fail", hub({ singleuser: { image: { name: "x", tag: "<tag>" } } })],
  ["a deleted tag", "fail", hub({ singleuser: { image: { tag: null } } })],
  ["a number", "fail", hub({ singleuser: { image: { tag: 1.5 } } })],
  ["a digest that is none", "fail", hub({ singleuser: { image: { tag: "2026-01-15@sha256:abc" } } })],
  ["latest of a kind", "fail", hub({ singleuser: { image: { tag: "python-latest" } } })],
  ["latest within a word", "pass", hub({ singleuser: { image: { tag: "thelatestday1" } } })],
  [
    "a container of the pod's own field",
    "fail",
    hub({ singleuser: { extraPodConfig: { containers: [{ name: "s", image: "a/b:latest" }] } } }),
  ],
  [
    "an init container of the pod's own field",
    "fail",
    hub({ singleuser: { extraPodConfig: { init_containers: [{ name: "s", image: "a/b" }] } } }),
  ],
  ["containers that are not known yet", "unknown", hub({ singleuser: { extraContainers: UNKNOWN } })],
  ["Traefik's image while it does not run", "pass", hub({ proxy: { traefik: { image: { tag: "latest" } } } })],
  ["an image of a profile", "fail", profile({ image: "quay.io/a/b:latest" })],
  [
    "an image of a profile without tag, from a registry with a port",
    "fail",
    profile({ image: "registry.example.org:5000/a/b" }),
  ],
  [
    "a pinned image of a profile, from a registry with a port",
    "pass",
    profile({ image: "registry.example.org:5000/a/b:1.0" }),
  ],
  [
    "an image of a choice",
    "fail",
    hub({
      singleuser: {
        profileList: [{ profile_options: { i: { choices: { c: { kubespawner_override: { image: "a/b" } } } } } }],
      },
    }),
  ],
  [
    "a container beside the user's",
    "fail",
    hub({ singleuser: { extraContainers: [{ name: "s", image: "a/b:main" }] } }),
  ],
  ["an init container", "fail", hub({ singleuser: { initContainers: [{ name: "s", image: "a/b" }] } })],
  ["an init container of the hub", "fail", hub({ hub: { initContainers: [{ name: "s", image: "a/b" }] } })],
  ["hub.config wins", "fail", kubespawner({ image: "a/b:latest" })],
  ["the old name in a profile", "fail", profile({ image_spec: "a/b:latest" })],
  ["an image to pull early", "fail", hub({ prePuller: { extraImages: { x: { name: "a/b", tag: "latest" } } } })],
  [
    "a moving tag of a part that is off",
    "pass",
    hub({ scheduling: { userScheduler: { enabled: false, image: { tag: "latest" } } } }),
  ],
  [
    "a tag that the user says moves",
    "fail",
    hub({ singleuser: { image: { tag: "weekly" } } }),
    { "images-pinned": { movingTags: ["weekly"] } },
  ],
  ["not known yet", "unknown", hub({ singleuser: { image: { tag: UNKNOWN } } })],
  ["another chart", "notApplicable", otherRelease],
]);
