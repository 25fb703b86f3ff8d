/** Changes whenever the tables do: a file of another version is made anew, or loaded again. */
export const VERSION = 1;

/**
 * One file of definitions: those that come with R4, or those that the operator loaded.
 *
 * `resource` holds every definition, deflated; a CodeSystem without its concepts when `concepts` says that these are rows
 * of their own. `found` is what a search finds definitions by: text in `value`, or a span of time.
 *
 * Concepts of one code system have numbers in a row, in the order of the code system. `edge` is its hierarchy, with any
 * number of parents; `word` is the full text of code, display and designations, by the concept's number.
 */
export const TABLES = `
  create table resource (
    num integer primary key,
    type text not null, id text not null, url text not null, version text not null,
    concepts integer not null, content blob not null,
    unique (type, id)
  ) strict;
  create index resource_url on resource (url, type);
  create table found (
    parameter text not null, value text not null, system text not null, resource integer not null,
    low integer not null, high integer not null
  ) strict;
  create index found_value on found (parameter, value);
  create index found_resource on found (resource, parameter);
  create table concept (
    num integer primary key,
    system integer not null, code text not null, display text, definition text,
    inactive integer not null, abstract integer not null
  ) strict;
  create index concept_code on concept (system, code collate nocase);
  create table edge (child integer not null, parent integer not null, primary key (child, parent)) strict, without rowid;
  create index edge_parent on edge (parent, child);
  create table property (
    concept integer not null, code text not null, value text not null, kind text not null, content text not null
  ) strict;
  create index property_concept on property (concept);
  create index property_value on property (code, value, concept);
  create table designation (concept integer not null, language text, value text not null, use text) strict;
  create index designation_concept on designation (concept);
  create virtual table word using fts5 (
    text, content = '', contentless_delete = 1, prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2'
  );
  pragma user_version = ${VERSION};
`;
