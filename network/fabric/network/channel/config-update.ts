import { common } from '@hyperledger/fabric-protos';

/** The channel's configuration as one block left it. */
export type Group = common.ConfigGroup;

/** The group at a path of names; throws a RangeError when there is none. */
export function groupAt(root: Group, path: readonly string[]): Group {
  return path.reduce((group, name) => {
    const inner = group.getGroupsMap().get(name);
    if (!inner) throw new RangeError(`the channel's configuration has no group ${path.join('/')}`);
    return inner;
  }, root);
}

/** An update that gives one value of the group at `path` other bytes. */
export function valueUpdate(
  channel: string,
  root: Group,
  path: readonly string[],
  name: string,
  bytes: Uint8Array,
): common.ConfigUpdate {
  const old = groupAt(root, path).getValuesMap().get(name);
  if (!old) throw new RangeError(`the channel's configuration has no value ${[...path, name].join('/')}`);
  const value = new common.ConfigValue();
  value.setVersion(old.getVersion() + 1);
  value.setModPolicy(old.getModPolicy());
  value.setValue(bytes);
  const read = trunk(root, path);
  const write = trunk(root, path);
  write.leaf.getValuesMap().set(name, value);
  return update(channel, read.root, write.root);
}

/** An update that puts a new group into the one at `path`. */
export function groupUpdate(
  channel: string,
  root: Group,
  path: readonly string[],
  name: string,
  added: Group,
): common.ConfigUpdate {
  const old = groupAt(root, path);
  const read = trunk(root, path);
  const write = trunk(root, path);
  // A group whose members change is written with all of them; those that stay say their version alone.
  for (const leaf of [read.leaf, write.leaf]) copyMembers(old, leaf);
  write.leaf.setVersion(old.getVersion() + 1);
  write.leaf.setModPolicy(old.getModPolicy());
  write.leaf.getGroupsMap().set(name, added);
  return update(channel, read.root, write.root);
}

/** The groups from the root to the end of the path, with their versions and nothing else. */
function trunk(root: Group, path: readonly string[]): { root: Group; leaf: Group } {
  const copy = versionOf(root);
  let leaf = copy;
  path.forEach((name, depth) => {
    const inner = versionOf(groupAt(root, path.slice(0, depth + 1)));
    leaf.getGroupsMap().set(name, inner);
    leaf = inner;
  });
  return { root: copy, leaf };
}

function versionOf(group: Group): Group {
  const copy = new common.ConfigGroup();
  copy.setVersion(group.getVersion());
  return copy;
}

function copyMembers(from: Group, to: Group): void {
  from.getGroupsMap().forEach((group: Group, name: string) => to.getGroupsMap().set(name, versionOf(group)));
  from.getValuesMap().forEach((value: common.ConfigValue, name: string) => {
    const copy = new common.ConfigValue();
    copy.setVersion(value.getVersion());
    to.getValuesMap().set(name, copy);
  });
  from.getPoliciesMap().forEach((policy: common.ConfigPolicy, name: string) => {
    const copy = new common.ConfigPolicy();
    copy.setVersion(policy.getVersion());
    to.getPoliciesMap().set(name, copy);
  });
}

function update(channel: string, read: Group, write: Group): common.ConfigUpdate {
  const made = new common.ConfigUpdate();
  made.setChannelId(channel);
  made.setReadSet(read);
  made.setWriteSet(write);
  return made;
}
