// Schemas that together use every kind of type, wrapper, default and directive.
export const schemas = [
  `
directive @onField(reason: String = "none", level: Int!) on FIELD
directive @tag(name: String!) repeatable on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT | QUERY | FRAGMENT_DEFINITION | VARIABLE_DEFINITION
scalar Any
scalar Wei @specifiedBy(url: "https://example.org/wei")
enum State { OPEN BIDDING RUNNING FINAL @deprecated(reason: "old") }
interface Node { id: ID! }
interface Named implements Node { id: ID! name(upper: Boolean = false): String! }
type Agent implements Node & Named { id: ID! name(upper: Boolean = false): String! tasks(first: Int = 10, where: TaskFilter, order: [TaskSort!]): [Task!]! rating: Float stake: Wei any: Any }
type Task implements Node { id: ID! title: String state: State! agent: Agent bids(first: Int!, min: Float): [Bid]! parent: Task tags: [[String!]!] subject: Subject }
type Bid implements Node { id: ID! price: Int! bidder: Agent! task: Task }
type Robot implements Node & Named { id: ID! name(upper: Boolean = false): String! title: [String] serial: Int! maker: Agent }
union Subject = Agent | Task | Robot
input TaskFilter { and: [TaskFilter!] or: [TaskFilter!] not: TaskFilter state: State stateIn: [State!] minPrice: Float = 0.5 title: StringFilter ids: [ID!] }
input StringFilter { eq: String in: [String] contains: String! = "x" }
input TaskSort { field: String! descending: Boolean = false }
input Choice @oneOf { id: ID number: Int filter: TaskFilter names: [String!] }
type Query { node(id: ID!): Node nodes(ids: [ID!]!): [Node]! named: Named subject(choice: Choice!): Subject tasks(where: TaskFilter, state: State = OPEN, first: Int): [Task!]! agent(id: ID, at: Wei, any: Any): Agent matrix(values: [[Int!]]!): [[Float]] choose(choices: [Choice!]): Boolean version: String! }
type Mutation { bid(task: ID!, price: Int!, note: String = "-"): Bid! cancel(ids: [ID!]!): [Task!]! }
type Subscription { taskChanged(id: ID): Task bidMade: Bid! }
`,
  `
schema { query: Root }
interface A { x: Int self: A }
interface B implements A { x: Int self: A y: String }
type One implements A & B { x: Int self: One y: String z(arg: [In!]!): Two! }
type Two implements A { x: Int self: A y: Int! w: [E!]! }
type Three { y: String x: String }
union U = One | Two | Three
union V = Three
enum E { P Q R }
input In { e: E! = P list: [E] n: Int nested: In flag: Boolean! }
type Root { a: A b: B u: U v: V one(in: In): One two: Two! three: [Three] e(e: E = Q, f: Float = 1, b: Boolean, s: String, i: ID): E }
`,
];
