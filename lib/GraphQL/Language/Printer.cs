// A node enters, its text leaves: reading the text again gives the same tree (a test proves it for random documents).
// This file prints executable documents; Printer.TypeSystem.cs prints schemas.
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace EventSourced.GraphQL.Language;

/// <summary>Writes nodes as GraphQL text.</summary>
public sealed partial class Printer
{
    private const int MaxLineLength = 80;

    private readonly StringBuilder _text = new();
    private int _indentation;

    private Printer()
    {
    }

    /// <summary>The text of a node.</summary>
    public static string Print(SyntaxNode node)
    {
        var printer = new Printer();
        printer.Write(node);
        return printer._text.ToString();
    }

    private void Write(SyntaxNode node)
    {
        switch (node)
        {
            case DocumentNode document:
                WriteDefinitions(document);
                break;
            case OperationDefinitionNode operation:
                WriteOperation(operation);
                break;
            case FragmentDefinitionNode fragment:
                WriteDescription(fragment.Description);
                Append($"fragment {fragment.Name} on {fragment.TypeCondition.Name}");
                WriteDirectives(fragment.Directives);
                Append(" ");
                WriteSelectionSet(fragment.SelectionSet);
                break;
            case VariableDefinitionNode variable:
                WriteVariable(variable);
                break;
            case SelectionSetNode selectionSet:
                WriteSelectionSet(selectionSet);
                break;
            case SelectionNode selection:
                WriteSelection(selection);
                break;
            case ArgumentNode argument:
                Append($"{argument.Name}: ");
                WriteValue(argument.Value);
                break;
            case ObjectFieldNode field:
                Append($"{field.Name}: ");
                WriteValue(field.Value);
                break;
            case DirectiveNode directive:
                Append($"@{directive.Name}");
                WriteArguments(directive.Arguments);
                break;
            case ValueNode value:
                WriteValue(value);
                break;
            case TypeNode type:
                WriteType(type);
                break;
            default:
                WriteTypeSystem(node);
                break;
        }
    }

    private void WriteDefinitions(DocumentNode document)
    {
        for (var index = 0; index < document.Definitions.Length; index++)
        {
            Append(index == 0 ? "" : "\n\n");
            Write(document.Definitions[index]);
        }
    }

    private void WriteOperation(OperationDefinitionNode operation)
    {
        var isShorthand = operation is { Operation: OperationType.Query, Name: null, Description: null }
            && operation.VariableDefinitions.IsEmpty && operation.Directives.IsEmpty;
        if (!isShorthand)
        {
            WriteDescription(operation.Description);
            Append(operation.Operation.ToString().ToLowerInvariant());
            Append(operation.Name is { } name ? $" {name}" : operation.VariableDefinitions.IsEmpty ? "" : " ");
            if (!operation.VariableDefinitions.IsEmpty)
                WriteGroup("(", operation.VariableDefinitions, ", ", ")");
            WriteDirectives(operation.Directives);
            Append(" ");
        }

        WriteSelectionSet(operation.SelectionSet);
    }

    private void WriteVariable(VariableDefinitionNode variable)
    {
        if (variable.Description is { } description)
        {
            WriteString(description);
            Append(" ");
        }

        Append($"${variable.Name}: ");
        WriteType(variable.Type);
        WriteDefault(variable.DefaultValue);
        WriteDirectives(variable.Directives);
    }

    private void WriteDefault(ValueNode? value)
    {
        if (value is null)
            return;
        Append(" = ");
        WriteValue(value);
    }

    private void WriteSelectionSet(SelectionSetNode selectionSet) =>
        WriteBlock(selectionSet.Selections, static (printer, selection) => printer.WriteSelection(selection));

    private void WriteSelection(SelectionNode selection)
    {
        switch (selection)
        {
            case FieldNode field:
                Append(field.Alias is { } alias ? $"{alias}: {field.Name}" : field.Name);
                WriteArguments(field.Arguments);
                WriteDirectives(field.Directives);
                if (field.SelectionSet is { } children)
                {
                    Append(" ");
                    WriteSelectionSet(children);
                }

                break;
            case FragmentSpreadNode spread:
                Append($"...{spread.Name}");
                WriteDirectives(spread.Directives);
                break;
            case InlineFragmentNode inline:
                Append(inline.TypeCondition is { } condition ? $"... on {condition.Name}" : "...");
                WriteDirectives(inline.Directives);
                Append(" ");
                WriteSelectionSet(inline.SelectionSet);
                break;
        }
    }

    // Arguments that would make the line long stand on lines of their own.
    private void WriteArguments(ImmutableArray<ArgumentNode> arguments)
    {
        if (arguments.IsEmpty)
            return;
        var start = _text.Length;
        WriteGroup("(", arguments, ", ", ")");
        if (ColumnOf(start) + (_text.Length - start) <= MaxLineLength)
            return;
        _text.Length = start;
        WriteBlock(arguments, static (printer, argument) => printer.Write(argument), "(", ")");
    }

    private int ColumnOf(int position)
    {
        var column = 0;
        while (column < position && _text[position - column - 1] != '\n')
            column++;
        return column;
    }

    private void WriteDirectives(ImmutableArray<DirectiveNode> directives)
    {
        foreach (var directive in directives)
        {
            Append(" ");
            Write(directive);
        }
    }

    private void WriteValue(ValueNode value)
    {
        switch (value)
        {
            case VariableNode variable:
                Append($"${variable.Name}");
                break;
            case IntValueNode number:
                Append(number.Value);
                break;
            case FloatValueNode number:
                Append(number.Value);
                break;
            case EnumValueNode name:
                Append(name.Value);
                break;
            case BooleanValueNode boolean:
                Append(boolean.Value ? "true" : "false");
                break;
            case NullValueNode:
                Append("null");
                break;
            case StringValueNode { IsBlock: true } text when BlockStrings.CanPrint(text.Value):
                BlockStrings.Print(_text, text.Value, Indentation);
                break;
            case StringValueNode text:
                WriteString(text.Value);
                break;
            case ListValueNode list:
                WriteGroup("[", list.Values, ", ", "]");
                break;
            case ObjectValueNode fields:
                WriteGroup(fields.Fields.IsEmpty ? "{" : "{ ", fields.Fields, ", ", fields.Fields.IsEmpty ? "}" : " }");
                break;
        }
    }

    private void WriteString(string value)
    {
        Append("\"");
        foreach (var symbol in value)
        {
            Append(symbol switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\b' => "\\b",
                '\f' => "\\f",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' or (>= '\u007F' and <= '\u009F') =>
                    string.Create(CultureInfo.InvariantCulture, $"\\u{(int)symbol:X4}"),
                _ => null,
            });
            if (symbol is not ('"' or '\\' or < ' ' or (>= '\u007F' and <= '\u009F')))
                _text.Append(symbol);
        }

        Append("\"");
    }

    private void WriteType(TypeNode type)
    {
        switch (type)
        {
            case NamedTypeNode named:
                Append(named.Name);
                break;
            case ListTypeNode list:
                Append("[");
                WriteType(list.Type);
                Append("]");
                break;
            case NonNullTypeNode nonNull:
                WriteType(nonNull.Type);
                Append("!");
                break;
        }
    }

    private void WriteGroup<T>(string open, ImmutableArray<T> nodes, string separator, string close)
        where T : SyntaxNode
    {
        Append(open);
        for (var index = 0; index < nodes.Length; index++)
        {
            Append(index == 0 ? "" : separator);
            Write(nodes[index]);
        }

        Append(close);
    }

    private void WriteBlock<T>(ImmutableArray<T> nodes, Action<Printer, T> write, string open = "{", string close = "}")
    {
        Append(open);
        _indentation++;
        foreach (var node in nodes)
        {
            NewLine();
            write(this, node);
        }

        _indentation--;
        NewLine();
        Append(close);
    }

    private string Indentation => new(' ', _indentation * 2);

    private void NewLine() => _text.Append('\n').Append(' ', _indentation * 2);

    private void Append(string? text) => _text.Append(text);
}
