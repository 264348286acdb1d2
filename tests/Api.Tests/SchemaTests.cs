// The schema as a promise to clients: what is checked in is what is served; nothing is without a description; what a
// relation leads along has an index.
using EventSourced.Api.Model;
using EventSourced.GraphQL.Language;
using EventSourced.Projections;

namespace EventSourced.Api.Tests;

public class SchemaTests
{
    private const string SchemaFile = "docs/graphql/schema.graphql";
    private const string HowTo = "./es api schema accepts it; read the difference before you commit it";

    [Fact]
    public void Descriptions_are_those_of_the_domain()
    {
        const string file = "src/Api/Model/descriptions.json";
        var found = DescriptionSource.Read(AppContext.BaseDirectory);
        Assert.True(found == Checked.Text(file, found),
            $"expected {file} as the domain's documentation has it, found another: {HowTo}");
    }

    [Fact]
    public void The_schema_takes_nothing_away_that_clients_may_use()
    {
        var now = ReadApi.SchemaText();
        var before = Checked.Text(SchemaFile, now);
        var breaking = SchemaChanges.Between(
            before, now).Where(change => change.IsBreaking).Select(change => change.Text).ToList();
        Assert.True(breaking.Count == 0,
            $"expected a schema that takes nothing away, found:\n{string.Join('\n', breaking)}\n{HowTo}");
    }

    [Fact]
    public void The_schema_is_the_one_that_is_checked_in()
    {
        var now = ReadApi.SchemaText();
        var before = Checked.Text(SchemaFile, now);
        var changes = SchemaChanges.Between(before, now).Select(change => change.Text).Take(20).ToList();
        Assert.True(
            before == now, $"expected {SchemaFile} as it is served, found:\n{string.Join('\n', changes)}\n{HowTo}");
    }

    [Theory]
    [InlineData("type Query { a: Int! }", "type Query { b: Int! }", "Query.a was removed")]
    [InlineData("type Query { a: Int! }", "type Query { a: Int }", "Query.a became Int, it was Int!")]
    [InlineData("type Query { a: Int } enum E { X Y }", "type Query { a: Int } enum E { X }", "E.Y was removed")]
    [InlineData("type Query { a(b: Int): Int }", "type Query { a: Int }", "Query.a(b:) was removed")]
    [InlineData(
        "type Query { a(b: Int): Int }", "type Query { a(b: Int!): Int }", "Query.a(b:) became Int!, it was Int")]
    [InlineData("type Query { a: Int }", "type Query { a(b: Int!): Int }", "Query.a(b:) is required and new")]
    [InlineData("type Query { a(x: I): Int } input I { a: Int }",
        "type Query { a(x: I): Int } input I { a: Int c: Int! }", "I.c is required and new")]
    [InlineData("type Query { a: T } type T implements N { id: ID! } interface N { id: ID! }",
        "type Query { a: T } type T { id: ID! } interface N { id: ID! }", "T no longer implements N")]
    public void A_breaking_change_is_told_by_its_name(string before, string now, string expected) =>
        Assert.Contains(SchemaChanges.Between(before, now), change => change.IsBreaking && change.Text == expected);

    [Theory]
    [InlineData("type Query { a: Int }", "type Query { a: Int! }")]
    [InlineData("type Query { a(b: Int!): Int }", "type Query { a(b: Int): Int }")]
    [InlineData("type Query { a: Int }", "type Query { a(b: Int): Int c: Int }")]
    public void A_change_that_every_client_survives_is_none(string before, string now) =>
        Assert.DoesNotContain(SchemaChanges.Between(before, now), change => change.IsBreaking);

    [Fact]
    public void Everything_that_a_client_can_name_has_a_description()
    {
        var document = Parser.Parse(ReadApi.SchemaText());
        var silent = new List<string>();
        foreach (var type in document.Definitions.OfType<TypeDefinitionNode>())
        {
            if (type.Description is null && type.Name is not ("Query" or "Subscription")) silent.Add(type.Name);
            if (type is ComplexTypeDefinitionNode complex)
            {
                foreach (var field in complex.Fields)
                {
                    if (field.Description is null) silent.Add($"{type.Name}.{field.Name}");
                    silent.AddRange(field.Arguments.Where(argument => argument.Description is null)
                        .Select(argument => $"{type.Name}.{field.Name}({argument.Name}:)"));
                }
            }

            if (type is InputObjectTypeDefinitionNode input)
                silent.AddRange(input.Fields.Where(
                    field => field.Description is null).Select(field => $"{type.Name}.{field.Name}"));
            if (type is EnumTypeDefinitionNode @enum)
                silent.AddRange(@enum.Values.Where(value => value.Description is null && !IsFieldEnum(type.Name))
                    .Select(value => $"{type.Name}.{value.Name}"));
        }

        Assert.Empty(silent);
    }

    [Fact]
    public void An_index_stands_behind_every_relation()
    {
        var tables = ReadModels.All.ToDictionary(model => model.Table);
        var bare = from model in ReadModels.All
                   from relation in model.Relations
                   let target = tables[relation.Target]
                   let column = relation.TargetColumn.Length > 0 ? relation.TargetColumn : target.Columns[0].Name
                   where column != target.Columns[0].Name && !target.Indexes.Any(index => index[0] == column)
                   select $"{model.TypeName}.{relation.Field} needs an index on {relation.Target} ({column})";
        Assert.Empty(bare);
    }

    [Fact]
    public void Every_relation_can_be_walked_back()
    {
        var tables = ReadModels.All.ToDictionary(model => model.Table);
        // What leads along a key that several things share, or to itself, has one direction only.
        HashSet<string> oneWay =
        [
            "Task.winningBid", "Completion.lastTask", "Client.lastTask", "Organisation.firstVerifier",
            "Proposal.proposerPower", "Voter.holder", "FaucetRecipient.holder", "Timelock.lastScheduledOperation",
            "TimelockOperation.predecessorOperation", "TimelockOperation.proposal", "Proposal.timelockOperation",
        ];
        var lost = from model in ReadModels.All
                   from relation in model.Relations
                   where !oneWay.Contains($"{model.TypeName}.{relation.Field}")
                   let target = tables[relation.Target]
                   let there = relation.TargetColumn.Length > 0 ? relation.TargetColumn : target.Columns[0].Name
                   where !target.Relations.Any(back => back.Target == model.Table && back.Column == there
                       && (back.TargetColumn.Length > 0 ? back.TargetColumn : model.Columns[0].Name) == relation.Column)
                   select $"{model.TypeName}.{relation.Field} -> {target.TypeName}";
        Assert.Empty(lost);
    }

    private static bool IsFieldEnum(string name) => name.EndsWith("Field", StringComparison.Ordinal);
}
