// Valid requests at random: a walk over the schema that selects fields, splits selections into fragments, replaces literals by
// variables and gives those values. Everything depends on the seed alone.
import { getNamedType, isCompositeType, isEnumType, isInputObjectType, isListType, isNonNullType, isObjectType, isAbstractType, isRequiredInputField } from 'graphql';

const names = ['a', 'b', 'c', 'x', 'y', 'id', 'name', 'title', 'first', 'alias1', 'alias2', 'on1', '_', 'Type', 'query'];

export class Generator {
  constructor(seed) { this.state = (seed >>> 0) || 1; }

  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  int(n) { return Math.floor(this.next() * n); }
  chance(p) { return this.next() < p; }
  pick(items) { return items[this.int(items.length)]; }

  // dense: aliases come from three names, so that fields meet and often conflict.
  request(schema, dense = false) {
    this.dense = dense;
    this.schema = schema;
    this.variables = [];
    this.values = {};
    this.fragments = [];
    this.budget = 25;
    const roots = [['query', schema.getQueryType()], ['mutation', schema.getMutationType()], ['subscription', schema.getSubscriptionType()]].filter(([, t]) => t);
    const [kind, type] = this.chance(0.75) ? roots[0] : this.pick(roots);
    const selection = this.selection(type, 0, kind === 'subscription');
    const named = this.variables.length > 0 || this.fragments.length > 0 || kind !== 'query' || this.chance(0.5);
    const definitions = this.variables.map((v) => `$${v.name}: ${v.type}${v.byDefault ?? ''}`);
    const head = named ? `${kind}${this.chance(0.7) ? ' Op' : ''}${definitions.length ? `(${definitions.join(this.chance(0.5) ? ', ' : ' ')})` : ''}${kind === 'query' && this.chance(0.05) ? ' @tag(name: "q")'.repeat(schema.getDirective('tag') ? 2 : 0) : ''} ` : '';
    const parts = [`${head}${selection}`, ...this.fragments];
    if (this.chance(0.3)) parts.reverse();
    const hasName = head.includes(' Op');
    return { query: parts.join('\n'), operationName: hasName && this.chance(0.5) ? 'Op' : null, variables: this.values };
  }

  selection(type, depth, single = false) {
    const parts = [];
    const used = new Map();
    const want = single ? 1 : 1 + this.int(4);
    for (let i = 0; i < want; i++) {
      const roll = this.next();
      if (!single && roll < 0.12 && depth < 4) parts.push(this.inline(type, depth));
      else if (!single && roll < 0.22 && depth < 4) parts.push(this.spread(type, depth));
      else parts.push(this.field(type, depth, used, single));
    }
    const text = parts.filter(Boolean);
    if (text.length === 0) text.push(single ? this.field(type, depth, used, true, true) : '__typename');
    return `{ ${text.join(this.chance(0.2) ? ', ' : ' ')} }`;
  }

  // Aliases are unique, so that two selections never conflict by accident; now and then the same field is written twice.
  field(type, depth, used, single) {
    const fields = type.getFields ? Object.values(type.getFields()) : [];
    const choices = fields.filter((f) => depth < 5 && this.budget > 0 ? true : !isCompositeType(getNamedType(f.type)));
    if (!single && (choices.length === 0 || this.chance(0.05))) return '__typename';
    if (choices.length === 0) return null;
    const field = this.pick(choices);
    this.budget--;
    const composite = isCompositeType(getNamedType(field.type));
    const plain = field.args.length === 0 && !composite;
    this.aliases = (this.aliases ?? 0) + 1;
    const alias = plain && this.chance(0.5) ? '' : this.dense ? `${this.pick(['x', 'y', 'id'])}: ` : `${this.pick(names)}${this.aliases}: `;
    if (!alias && [...used.values()].includes(field.name) && this.chance(0.5)) return null;
    used.set(field.name, field.name);
    const args = field.args.filter((a) => (isNonNullType(a.type) && a.defaultValue === undefined) || this.chance(0.4))
      .map((a) => `${a.name}: ${this.value(a.type, a.defaultValue !== undefined, 0)}`);
    const children = composite ? ` ${this.selection(getNamedType(field.type), depth + 1)}` : '';
    return `${alias}${field.name}${args.length ? `(${args.join(', ')})` : ''}${single ? '' : this.directives()}${children}`;
  }

  directives() {
    const roll = this.next();
    if (roll < 0.05) return ` @include(if: ${this.value({ toString: () => 'Boolean!', boolean: true }, false, 0)})`;
    if (roll < 0.1) return ' @skip(if: false)';
    if (roll < 0.12 && this.schema.getDirective('tag')) return ' @tag(name: "a") @tag(name: "b")';
    if (roll < 0.14 && this.schema.getDirective('onField')) return ' @onField(level: 3)';
    return '';
  }

  possible(type) {
    const own = isAbstractType(type) ? this.schema.getPossibleTypes(type) : [type];
    return Object.values(this.schema.getTypeMap()).filter((t) => !t.name.startsWith('__') && isCompositeType(t)
      && (isAbstractType(t) ? this.schema.getPossibleTypes(t) : [t]).some((p) => own.includes(p)));
  }

  inline(type, depth) {
    const on = this.chance(0.2) ? null : this.pick(this.possible(type));
    return `...${on ? ` on ${on.name}` : ''}${this.chance(0.1) ? ' @include(if: true)' : ''} ${this.selection(on ?? type, depth + 1)}`;
  }

  spread(type, depth) {
    const on = this.pick(this.possible(type));
    const name = `F${this.fragments.length}_${this.int(1000)}`;
    const slot = this.fragments.push('') - 1;
    this.fragments[slot] = `fragment ${name} on ${on.name} ${this.selection(on, depth + 1)}`;
    return `...${name}`;
  }

  value(type, hasDefault, depth) {
    if (this.chance(0.25) && depth < 3) return this.variable(type, hasDefault);
    return this.literal(type, depth);
  }

  variable(type, hasDefault) {
    const name = `v${this.variables.length}`;
    const text = String(type);
    const nullable = text.endsWith('!') ? text.slice(0, -1) : text;
    const json = type.boolean ? this.chance(0.5) : this.json(type, 0);
    const roll = this.next();
    let declared = text;
    let byDefault;
    if (text.endsWith('!') && roll < 0.25 && !type.boolean) { declared = nullable; byDefault = ` = ${this.constant(type)}`; }
    else if (!text.endsWith('!') && roll < 0.3) declared = `${text}!`;
    else if (text.endsWith('!') && hasDefault && roll < 0.5) declared = nullable;
    this.variables.push({ name, type: declared, byDefault });
    if (byDefault === undefined && (declared.endsWith('!') || this.chance(0.7)) || this.chance(0.2)) this.values[name] = json;
    if (this.values[name] === null && (declared.endsWith('!'))) this.values[name] = this.json(type.ofType ?? type, 0) ?? 1;
    return `$${name}`;
  }

  constant(type) { this.noVariables = true; try { return this.literal(type, 9); } finally { this.noVariables = false; } }

  inner(type, hasDefault, depth) { return this.noVariables ? this.literal(type, depth) : this.value(type, hasDefault, depth); }

  literal(type, depth) {
    if (type.boolean) return this.pick(['true', 'false']);
    if (isNonNullType(type)) return this.definite(type.ofType, depth);
    return this.chance(0.08) ? 'null' : this.definite(type, depth);
  }

  definite(type, depth) {
    if (isListType(type)) {
      if (this.chance(0.15)) return this.definite(isNonNullType(type.ofType) ? type.ofType.ofType : type.ofType, depth + 1);
      return `[${Array.from({ length: this.int(3) }, () => this.inner(type.ofType, false, depth + 1)).join(', ')}]`;
    }
    if (isEnumType(type)) return this.pick(type.getValues()).name;
    if (isInputObjectType(type)) return this.object(type, depth);
    return this.scalar(type.name);
  }

  object(type, depth) {
    const fields = Object.values(type.getFields());
    if (type.isOneOf) {
      const field = this.pick(fields);
      return `{ ${field.name}: ${this.definite(field.type, depth + 1)} }`;
    }
    const chosen = fields.filter((f) => isRequiredInputField(f) || (depth < 4 && this.chance(0.35)));
    return `{ ${chosen.map((f) => `${f.name}: ${this.inner(f.type, f.defaultValue !== undefined, depth + 1)}`).join(', ')} }`;
  }

  scalar(name) {
    switch (name) {
      case 'Int': return this.pick(['0', '1', '-7', '2147483647', '-2147483648', '42']);
      case 'Float': return this.pick(['0', '1.5', '-2e10', '1E-3', '7']);
      case 'Boolean': return this.pick(['true', 'false']);
      case 'ID': return this.pick(['"abc"', '7', '""', '"a b"']);
      case 'String': return this.pick(['"text"', '""', '"""block "quoted" text"""', '"\\u00e9\\n"', '"\\u{1F600}"', '"# no comment"', '"\u00e9\u4e16"']);
      default: return this.pick(['1', '"s"', 'NAME', '[1, 2]', '{ a: [true, null] }', '1.5', 'false']);
    }
  }

  json(type, depth) {
    if (isNonNullType(type)) return this.definiteJson(type.ofType, depth);
    return this.chance(0.1) ? null : this.definiteJson(type, depth);
  }

  definiteJson(type, depth) {
    if (isListType(type)) {
      if (this.chance(0.15)) return this.definiteJson(isNonNullType(type.ofType) ? type.ofType.ofType : type.ofType, depth + 1);
      return Array.from({ length: this.int(3) }, () => this.json(type.ofType, depth + 1));
    }
    if (isEnumType(type)) return this.pick(type.getValues()).name;
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields());
      if (type.isOneOf) { const field = this.pick(fields); return { [field.name]: this.definiteJson(field.type, depth + 1) }; }
      return Object.fromEntries(fields.filter((f) => isRequiredInputField(f) || (depth < 3 && this.chance(0.4))).map((f) => [f.name, this.json(f.type, depth + 1)]));
    }
    switch (type.name) {
      case 'Int': return this.pick([0, 1, -5, 2147483647, 1.0, 1e3]);
      case 'Float': return this.pick([0, 1.5, -2e10, 7]);
      case 'Boolean': return this.chance(0.5);
      case 'ID': return this.pick(['a', 7, '']);
      case 'String': return this.pick(['text', '', '\u00e9']);
      default: return this.pick([1, 's', [1], { a: null }, 1.5, false]);
    }
  }
}
