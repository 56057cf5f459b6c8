"""
Makes the pods of users as the hub does: from the chart's values to KubeSpawner's settings, and from these, for each server
that a user asks for, to the pod that Kubernetes gets.

Standard input: {facts, cases}, where `facts` say how the chart turns values into settings (user-pod-settings.json), and each
case is {values, servers}, a server being {user, groups, server, options}: who asks, for which named server, with which
profile.
Standard output: by case, {complaints, offered, pods}: what the software complained of, which profiles each user sees, and for
each server a pod as JSON, or {refused}.
"""

import asyncio
import json
import logging
import re
import sys
from types import SimpleNamespace

from jupyterhub.app import JupyterHub
from jupyterhub.objects import Hub
from jupyterhub.scopes import _check_scopes_exist
from kubernetes_asyncio.client import ApiClient
from kubespawner import KubeSpawner, spawner as kubespawner
from traitlets.config import Config

from complaints import Complaints


# No cluster is asked for anything.
kubespawner.load_config = lambda **_: None
kubespawner.shared_client = lambda *_, **__: None


def at(values, path):
    for key in path.split("."):
        values = values.get(key) if isinstance(values, dict) else None
    return values


def joined(values, *paths):
    return [item for path in paths for item in at(values, path) or []]


def image(values):
    return f"{at(values, 'singleuser.image.name')}:{at(values, 'singleuser.image.tag')}"


def pull_secrets(values):
    secrets = joined(values, "imagePullSecrets", "singleuser.image.pullSecrets")
    return [each["name"] if isinstance(each, dict) else each for each in secrets]


def node_affinity(values):
    required = list(at(values, "singleuser.extraNodeAffinity.required") or [])
    if at(values, "scheduling.userPods.nodeAffinity.matchNodePurpose") == "require":
        purpose = {"key": "hub.jupyter.org/node-purpose", "operator": "In", "values": ["user"]}
        required.append({"matchExpressions": [purpose]})
    return {
        "node_affinity_required": required,
        "node_affinity_preferred": list(at(values, "singleuser.extraNodeAffinity.preferred") or []),
    }


def storage(values):
    settings = at(values, "singleuser.storage")
    home = {"name": "home", "persistentVolumeClaim": {"claimName": "{pvc_name}"}}
    return {
        "storage_pvc_ensure": settings["type"] == "dynamic",
        "storage_class": settings["dynamic"]["storageClass"],
        "storage_access_modes": settings["dynamic"]["storageAccessModes"],
        "storage_capacity": settings["capacity"],
        "volumes": [home, *(settings["extraVolumes"] or [])],
        "volume_mounts": [
            {"name": "home", "mountPath": settings["homeMountPath"]},
            *(settings["extraVolumeMounts"] or []),
        ],
    }


# Settings that the chart makes of more than one value, by the beginning of their names in the facts.
COMPOUND = {
    "image": lambda values: {"image": image(values)},
    "image_pull_secrets": lambda values: {"image_pull_secrets": pull_secrets(values)},
    "node_affinity_required": node_affinity,
    "pod_affinity_": lambda values: {},
    "tolerations": lambda values: {
        "tolerations": joined(values, "scheduling.userPods.tolerations", "singleuser.extraTolerations")
    },
    "scheduler_name": lambda values: {"scheduler_name": "user-scheduler"}
    if at(values, "scheduling.userScheduler.enabled")
    else {},
    "priority_class_name": lambda values: {},
    "mem_limit": lambda values: {
        "mem_limit": at(values, "singleuser.memory.limit"),
        "mem_guarantee": at(values, "singleuser.memory.guarantee"),
    },
    "cpu_limit": lambda values: {
        "cpu_limit": at(values, "singleuser.cpu.limit"),
        "cpu_guarantee": at(values, "singleuser.cpu.guarantee"),
    },
    "extra_resource_limits": lambda values: {
        "extra_resource_limits": at(values, "singleuser.extraResource.limits"),
        "extra_resource_guarantees": at(values, "singleuser.extraResource.guarantees"),
    },
    "storage_pvc_ensure": storage,
    "volumes": lambda values: {},
    "namespace": lambda values: {"namespace": "jupyterhub"},
}


def spawner_settings(facts, values):
    """KubeSpawner's settings as the chart makes them, before hub.config."""
    settings = {}
    for row in facts["kubespawner"]:
        name, path, rule = row["setting"], row["from"], row["rule"]
        compound = COMPOUND.get(re.split(r"[ *,/]", name)[0])
        if compound:
            settings.update({key: value for key, value in compound(values).items() if value is not None})
        elif re.fullmatch("[a-z_]+", name) and re.fullmatch("[A-Za-z.]+", path):
            value = at(values, path)
            if rule == "always" or value is not None:
                settings[name] = value
        else:
            raise ValueError(f"nobody knows how the chart makes {name} of {path}")
    return settings


def configuration(facts, values):
    """The hub's configuration: the chart's own settings, hub.config, then code."""
    config = Config()
    config.KubeSpawner.update(spawner_settings(facts, values))
    command = at(values, "singleuser.cmd")
    config.Spawner.cmd = [command] if isinstance(command, str) else command
    if at(values, "singleuser.cloudMetadata.blockWithIptables") is True:
        block = {"name": "block-cloud-metadata", "image": "tools", "securityContext": {"privileged": True, "runAsUser": 0}}
        config.KubeSpawner.setdefault("init_containers", []).append(block)
    for row in facts["hub"]:
        if row["rule"] == "if-set" and row["setting"].startswith("JupyterHub."):
            value = at(values, row["from"])
            if value is not None:
                config.JupyterHub[row["setting"].split(".")[1]] = value
    roles = at(values, "hub.loadRoles") or {}
    config.JupyterHub.load_roles = [{"name": name, **role} for name, role in roles.items()]
    for section, settings in at(values, "hub.config").items():
        config[section].update(settings)
    for _, code in sorted((at(values, "hub.extraConfig") or {}).items()):
        exec(code, {"c": config})
    return config


def user_of(name, groups):
    return SimpleNamespace(
        name=name,
        escaped_name=name,
        url=f"/user/{name}/",
        id=1,
        admin=False,
        groups=[SimpleNamespace(name=group) for group in groups],
        spawners={},
        settings={},
        server=None,
    )


def spawner_of(config, server):
    hub = Hub(ip="0.0.0.0", port=8081, base_url="/hub/", connect_ip="hub")
    user = user_of(server["user"], server.get("groups", []))
    orm_spawner = SimpleNamespace(name=server.get("server", ""), state={}, server=None)
    spawner = KubeSpawner(_mock=True, config=config, user=user, hub=hub, orm_spawner=orm_spawner)
    spawner.user_options = server.get("options", {})
    spawner.api_token = "canary-token"
    spawner.oauth_client_id = "canary-client"
    return spawner


async def profiles_for(spawner):
    profiles = spawner.profile_list
    if callable(profiles):
        profiles = profiles(spawner)
    return [profile["slug"] for profile in spawner._get_initialized_profile_list(profiles)]


async def pod_for(config, server, client):
    spawner = spawner_of(config, server)
    try:
        await spawner.load_user_options()
    except ValueError as error:
        return {"refused": str(error)}
    return client.sanitize_for_serialization(await spawner.get_pod_manifest())


def loaded(config):
    """What the hub's application and KubeSpawner complain of when they read their configuration, each once."""
    complaints = Complaints()
    logger = logging.getLogger("traitlets")
    logger.addHandler(complaints)
    try:
        app = JupyterHub(config=config)
        app.log.addHandler(complaints)
        app.update_config(config)
        spawner_of(config, {"user": "nobody"})
        for role in app.load_roles:
            _check_scopes_exist(role["scopes"], role["name"])
    finally:
        logger.removeHandler(complaints)
        app.log.removeHandler(complaints)
    return sorted(set(complaints.lines))


async def judge(facts, case, client):
    config = configuration(facts, case["values"])
    return {
        "complaints": loaded(config),
        "offered": {name: await profiles_for(spawner_of(config, server)) for name, server in case["servers"].items()},
        "pods": {name: await pod_for(config, server, client) for name, server in case["servers"].items()},
    }


async def main():
    given = json.load(sys.stdin)
    client = ApiClient()
    report = {name: await judge(given["facts"], case, client) for name, case in given["cases"].items()}
    await client.close()
    print(json.dumps(report))


asyncio.run(main())
