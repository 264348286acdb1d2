// What the public schema shows as null follows from the declarations of the read models alone. Enters: the read models,
// the schema, an indexed world. Leaves: the fields whose declaration and whose type, or whose rows, disagree.
using EventSourced.Domain.Market;
using EventSourced.Domain.Values;
using EventSourced.GraphQL.Language;
using EventSourced.Projections;
using EventSourced.Tables;

namespace EventSourced.Api.Tests;

[Collection(ServedTests.Name)]
public class NoneTests(ServedWorld world)
{
    [Fact]
    public void A_column_is_nullable_in_the_schema_exactly_where_its_read_model_declares_none()
    {
        var types = Parser.Parse(
            ReadApi.SchemaText()).Definitions.OfType<ObjectTypeDefinitionNode>().ToDictionary(type => type.Name);
        var different =
            from model in ReadModels.All
            from column in model.Columns
            let field = types[model.TypeName].Fields.FirstOrDefault(found => found.Name == column.Field)
            where field is not null && field.Type is NonNullTypeNode == model.HasNone(column)
            select $"{model.TypeName}.{column.Field}: {field.Type}";
        Assert.Empty(different);
    }

    // A moment of zero would be served as the first of January 1970: Job.submittedAt, Verifier.attestedAt and
    // DataLease.start once were.
    [Fact]
    public async Task A_moment_that_is_zero_in_some_row_of_the_world_is_declared_none()
    {
        var wrong = new List<string>();
        foreach (var model in ReadModels.All)
        {
            foreach (var column in model.Columns.Where(found => found.Type == typeof(Instant) && !model.HasNone(found)))
            {
                var rows = await world.ValueAsync<long>(
                    $"select count(*) from {TableNames.ServingSchema}.{model.Table} where {column.Name} = 0");
                if (rows > 0) wrong.Add($"{model.TypeName}.{column.Property}");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void A_key_cannot_be_none_and_an_id_cannot_be_a_count()
    {
        static ReadModel<ulong, Tasks.State> Model() => new(Tasks.Fold, "Task", isState: true);
        Assert.Throws<ArgumentException>(() => Model().None(nameof(Tasks.State.TaskId)));
        Assert.Throws<ArgumentException>(() => Model().None(nameof(Tasks.State.AgentId), nameof(Tasks.State.AgentId)));
        Assert.Throws<ArgumentException>(() => Model().Counts(nameof(Tasks.State.AgentId)));
    }
}
