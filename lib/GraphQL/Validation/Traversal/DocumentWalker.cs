// Goes through a document once, in its order, and tells the rules each node together with the types that hold there.
// The depth of the recursion is bounded by the parser's nesting limit.
using System.Collections.Immutable;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.TypeSystem;

namespace EventSourced.GraphQL.Validation.Traversal;

internal sealed class DocumentWalker(ValidationContext context, ImmutableArray<ValidationRule> rules)
{
    private DefinitionNode? _definition;

    public void Walk()
    {
        Enter(context.Document);
        foreach (var definition in context.Document.Definitions)
        {
            if (context.IsFull)
                return;
            _definition = definition;
            Visit(definition);
        }

        Leave(context.Document);
    }

    private void Visit(SyntaxNode node)
    {
        if (context.IsFull)
            return;
        switch (node)
        {
            case OperationDefinitionNode operation:
                WithType(operation, context.Schema?.RootType(operation.Operation));
                break;
            case FragmentDefinitionNode fragment:
                WithType(fragment, Composite(fragment.TypeCondition));
                break;
            case InlineFragmentNode inline:
                WithType(
                    inline, inline.TypeCondition is { } condition ? Composite(condition) : context.Type?.NamedType);
                break;
            case SelectionSetNode selectionSet:
                VisitSelectionSet(selectionSet);
                break;
            case FieldNode field:
                VisitField(field);
                break;
            case DirectiveNode directive:
                VisitDirective(directive);
                break;
            case ArgumentNode argument:
                VisitArgument(argument);
                break;
            case VariableDefinitionNode variable:
                VisitVariable(variable);
                break;
            case ListValueNode list:
                VisitList(list);
                break;
            case ObjectFieldNode field:
                VisitObjectField(field);
                break;
            default:
                if (node is FragmentSpreadNode spread)
                    AddTo(context.Spreads, spread);
                if (node is VariableNode variableNode)
                    AddTo(context.Usages,
                        new VariableUsage(
                            variableNode, context.InputType, context.HasInputDefault, context.ParentInputType));
                Enter(node);
                VisitChildren(node);
                Leave(node);
                break;
        }
    }

    private NamedType? Composite(NamedTypeNode condition) =>
        context.Schema?.Type(condition.Name) is { IsComposite: true } type ? type : null;

    private void WithType(SyntaxNode node, GraphQLType? type)
    {
        var outer = context.Type;
        context.Type = type;
        Enter(node);
        VisitChildren(node);
        Leave(node);
        context.Type = outer;
    }

    private void VisitSelectionSet(SelectionSetNode selectionSet)
    {
        var outer = context.ParentType;
        context.ParentType = context.Type?.NamedType is { IsComposite: true } composite ? composite : null;
        Enter(selectionSet);
        VisitAll(selectionSet.Selections);
        Leave(selectionSet);
        context.ParentType = outer;
    }

    private void VisitField(FieldNode field)
    {
        var (outerField, outerType) = (context.Field, context.Type);
        context.Field = context.ParentType is { } parent ? context.Schema!.Field(parent, field.Name) : null;
        context.Type = context.Field?.Type;
        Enter(field);
        VisitChildren(field);
        Leave(field);
        (context.Field, context.Type) = (outerField, outerType);
    }

    private void VisitDirective(DirectiveNode directive)
    {
        context.Directive = context.FindDirective(directive.Name);
        Enter(directive);
        VisitAll(directive.Arguments);
        Leave(directive);
        context.Directive = null;
    }

    private void VisitArgument(ArgumentNode argument)
    {
        var owner = context.Ancestors.Peek();
        var definition = owner is DirectiveNode directive
            ? context.Schema?.Directive(directive.Name)?.Arguments[argument.Name]
            : context.Field?.Arguments[argument.Name];
        WithInput(argument, definition?.Type, definition?.DefaultValue is not null, null);
    }

    private void VisitVariable(VariableDefinitionNode variable)
    {
        var type = context.Schema is { } schema ? TypeRelations.Resolve(schema, variable.Type) : null;
        WithInput(variable, type is { IsInput: true } ? type : null, false, null);
    }

    private void VisitList(ListValueNode list)
    {
        var type = context.InputType?.Nullable;
        WithInput(list, type is ListType listType ? listType.ElementType : type, false, type);
    }

    private void VisitObjectField(ObjectFieldNode field)
    {
        var parent = context.InputType?.NamedType;
        var definition = (parent as InputObjectType)?.Fields[field.Name];
        WithInput(field, definition?.Type, definition?.DefaultValue is not null, parent);
    }

    private void WithInput(SyntaxNode node, GraphQLType? type, bool hasDefault, GraphQLType? parentType)
    {
        var outer = (context.InputType, context.HasInputDefault, context.ParentInputType);
        (context.InputType, context.HasInputDefault, context.ParentInputType) = (type, hasDefault, parentType);
        Enter(node);
        VisitChildren(node);
        Leave(node);
        (context.InputType, context.HasInputDefault, context.ParentInputType) = outer;
    }

    private void VisitChildren(SyntaxNode node)
    {
        switch (node)
        {
            case OperationDefinitionNode operation:
                VisitAll(operation.VariableDefinitions);
                VisitAll(operation.Directives);
                Visit(operation.SelectionSet);
                break;
            case FragmentDefinitionNode fragment:
                Visit(fragment.TypeCondition);
                VisitAll(fragment.Directives);
                Visit(fragment.SelectionSet);
                break;
            case VariableDefinitionNode variable:
                Visit(variable.Type);
                VisitOptional(variable.DefaultValue);
                VisitAll(variable.Directives);
                break;
            case FieldNode field:
                VisitAll(field.Arguments);
                VisitAll(field.Directives);
                VisitOptional(field.SelectionSet);
                break;
            case FragmentSpreadNode spread:
                VisitAll(spread.Directives);
                break;
            case InlineFragmentNode inline:
                VisitOptional(inline.TypeCondition);
                VisitAll(inline.Directives);
                Visit(inline.SelectionSet);
                break;
            case ArgumentNode argument:
                Visit(argument.Value);
                break;
            case ListValueNode list:
                VisitAll(list.Values);
                break;
            case ObjectValueNode fields:
                VisitAll(fields.Fields);
                break;
            case ObjectFieldNode field:
                Visit(field.Value);
                break;
            case ListTypeNode list:
                Visit(list.Type);
                break;
            case NonNullTypeNode nonNull:
                Visit(nonNull.Type);
                break;
            default:
                VisitTypeSystemChildren(node);
                break;
        }
    }

    private void VisitTypeSystemChildren(SyntaxNode node)
    {
        switch (node)
        {
            case FieldDefinitionNode field:
                VisitAll(field.Arguments);
                Visit(field.Type);
                VisitAll(field.Directives);
                break;
            case InputValueDefinitionNode input:
                Visit(input.Type);
                VisitOptional(input.DefaultValue);
                VisitAll(input.Directives);
                break;
            case EnumValueDefinitionNode value:
                VisitAll(value.Directives);
                break;
            case OperationTypeDefinitionNode root:
                Visit(root.Type);
                break;
            case TypeSystemDefinitionNode definition:
                VisitAll(definition.Directives);
                VisitMembers(definition);
                break;
        }
    }

    private void VisitMembers(TypeSystemDefinitionNode definition)
    {
        switch (definition)
        {
            case SchemaDefinitionNode schema:
                VisitAll(schema.OperationTypes);
                break;
            case ComplexTypeDefinitionNode type:
                VisitAll(type.Interfaces);
                VisitAll(type.Fields);
                break;
            case UnionTypeDefinitionNode union:
                VisitAll(union.Types);
                break;
            case EnumTypeDefinitionNode @enum:
                VisitAll(@enum.Values);
                break;
            case InputObjectTypeDefinitionNode input:
                VisitAll(input.Fields);
                break;
            case DirectiveDefinitionNode directive:
                VisitAll(directive.Arguments);
                break;
        }
    }

    private void VisitAll<T>(ImmutableArray<T> nodes)
        where T : SyntaxNode
    {
        foreach (var node in nodes)
            Visit(node);
    }

    private void VisitOptional(SyntaxNode? node)
    {
        if (node is not null)
            Visit(node);
    }

    private void AddTo<T>(Dictionary<DefinitionNode, List<T>> lists, T item)
    {
        if (!lists.TryGetValue(_definition!, out var list))
            lists[_definition!] = list = [];
        list.Add(item);
    }

    private void Enter(SyntaxNode node)
    {
        foreach (var rule in rules)
            rule.Enter(node, context);
        context.Ancestors.Push(node);
    }

    private void Leave(SyntaxNode node)
    {
        context.Ancestors.Pop();
        foreach (var rule in rules)
            rule.Leave(node, context);
    }
}
