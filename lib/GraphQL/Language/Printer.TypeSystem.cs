// Schemas as text (specification 3), in the layout that the ecosystem's tools use, so that a diff shows what changed
// only.
using System.Collections.Immutable;

namespace EventSourced.GraphQL.Language;

public sealed partial class Printer
{
    private void WriteTypeSystem(SyntaxNode node)
    {
        if (node is TypeSystemDefinitionNode definition)
        {
            WriteDescription(definition.Description);
            Append(definition.IsExtension ? "extend " : "");
        }

        switch (node)
        {
            case SchemaDefinitionNode schema:
                Append("schema");
                WriteDirectives(schema.Directives);
                WriteBody(schema.OperationTypes);
                break;
            case OperationTypeDefinitionNode root:
                Append($"{root.Operation.ToString().ToLowerInvariant()}: {root.Type.Name}");
                break;
            case ScalarTypeDefinitionNode scalar:
                Append($"scalar {scalar.Name}");
                WriteDirectives(scalar.Directives);
                break;
            case ComplexTypeDefinitionNode type:
                Append($"{(type is ObjectTypeDefinitionNode ? "type" : "interface")} {type.Name}");
                Append(type.Interfaces.IsEmpty
                    ? ""
                    : $" implements {string.Join(" & ", type.Interfaces.Select(i => i.Name))}");
                WriteDirectives(type.Directives);
                WriteBody(type.Fields);
                break;
            case UnionTypeDefinitionNode union:
                Append($"union {union.Name}");
                WriteDirectives(union.Directives);
                Append(union.Types.IsEmpty ? "" : $" = {string.Join(" | ", union.Types.Select(t => t.Name))}");
                break;
            case EnumTypeDefinitionNode @enum:
                Append($"enum {@enum.Name}");
                WriteDirectives(@enum.Directives);
                WriteBody(@enum.Values);
                break;
            case InputObjectTypeDefinitionNode input:
                Append($"input {input.Name}");
                WriteDirectives(input.Directives);
                WriteBody(input.Fields);
                break;
            case DirectiveDefinitionNode directive:
                Append($"directive @{directive.Name}");
                WriteArgumentDefinitions(directive.Arguments);
                Append($"{(directive.IsRepeatable ? " repeatable" : "")} on {string.Join(" | ", directive.Locations)}");
                break;
            case FieldDefinitionNode field:
                WriteDescription(field.Description);
                Append(field.Name);
                WriteArgumentDefinitions(field.Arguments);
                Append(": ");
                WriteType(field.Type);
                WriteDirectives(field.Directives);
                break;
            case InputValueDefinitionNode input:
                WriteDescription(input.Description);
                Append($"{input.Name}: ");
                WriteType(input.Type);
                WriteDefault(input.DefaultValue);
                WriteDirectives(input.Directives);
                break;
            case EnumValueDefinitionNode value:
                WriteDescription(value.Description);
                Append(value.Name);
                WriteDirectives(value.Directives);
                break;
        }
    }

    private void WriteBody<T>(ImmutableArray<T> members)
        where T : SyntaxNode
    {
        if (members.IsEmpty)
            return;
        Append(" ");
        WriteBlock(members, static (printer, member) => printer.Write(member));
    }

    private void WriteArgumentDefinitions(ImmutableArray<InputValueDefinitionNode> arguments)
    {
        if (arguments.IsEmpty)
            return;
        if (arguments.All(argument => argument.Description is null))
            WriteGroup("(", arguments, ", ", ")");
        else
            WriteBlock(arguments, static (printer, argument) => printer.Write(argument), "(", ")");
    }

    private void WriteDescription(string? description)
    {
        if (description is null)
            return;
        if (BlockStrings.CanPrint(description))
            BlockStrings.Print(_text, description, Indentation);
        else
            WriteString(description);
        NewLine();
    }
}
