// Which types of its own assembly a type uses. Enters: compiled metadata. Leaves: handles of types: ancestors, fields,
// signatures, locals, and whatever its instructions name.
using System.Collections.Immutable;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace EventSourced.Architecture.Tests;

/// <summary>Reads the uses of types.</summary>
internal sealed class TypeUses(PEReader image, MetadataReader metadata) : ISignatureTypeProvider<bool, object?>
{
    private static readonly Dictionary<int, OperandType> Operands = typeof(OpCodes).GetFields()
        .Select(field => field.GetValue(null)).OfType<OpCode>()
        .ToDictionary(code => (int)(ushort)code.Value, code => code.OperandType);

    private readonly HashSet<TypeDefinitionHandle> _used = [];

    internal IReadOnlySet<TypeDefinitionHandle> Of(TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        Add(type.BaseType);
        foreach (var implemented in type.GetInterfaceImplementations()) Add(
            metadata.GetInterfaceImplementation(implemented).Interface);
        foreach (var field in type.GetFields()) metadata.GetFieldDefinition(field).DecodeSignature(this, null);
        foreach (var attribute in type.GetCustomAttributes()) Add(metadata.GetCustomAttribute(attribute).Constructor);
        foreach (var method in type.GetMethods()) AddMethod(metadata.GetMethodDefinition(method));
        return _used;
    }

    private void AddMethod(MethodDefinition method)
    {
        method.DecodeSignature(this, null);
        foreach (var parameter in method.GetGenericParameters())
            foreach (var constraint in metadata.GetGenericParameter(parameter).GetConstraints())
                Add(metadata.GetGenericParameterConstraint(constraint).Type);
        if (method.RelativeVirtualAddress == 0) return;
        var body = image.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil) metadata.GetStandaloneSignature(
            body.LocalSignature).DecodeLocalSignature(this, null);
        foreach (var region in body.ExceptionRegions)
            if (!region.CatchType.IsNil) Add(region.CatchType);
        AddInstructions(body.GetILReader());
    }

    private void AddInstructions(BlobReader code)
    {
        while (code.RemainingBytes > 0)
        {
            int value = code.ReadByte();
            if (value == 0xFE) value = value << 8 | code.ReadByte();
            switch (Operands[value])
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok
                    or OperandType.InlineType:
                    Add(MetadataTokens.EntityHandle(code.ReadInt32()));
                    break;
                case OperandType.InlineSwitch:
                    var targets = code.ReadInt32();
                    code.Offset += 4 * targets;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    code.Offset += 8;
                    break;
                case OperandType.InlineBrTarget or OperandType.InlineI or OperandType.InlineSig
                    or OperandType.InlineString or OperandType.ShortInlineR:
                    code.Offset += 4;
                    break;
                case OperandType.InlineVar:
                    code.Offset += 2;
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    code.Offset += 1;
                    break;
            }
        }
    }

    private void Add(EntityHandle handle)
    {
        if (handle.IsNil) return;
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                _used.Add((TypeDefinitionHandle)handle);
                break;
            case HandleKind.TypeSpecification:
                metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null);
                break;
            case HandleKind.FieldDefinition:
                _used.Add(metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MethodDefinition:
                _used.Add(metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MemberReference:
                Add(metadata.GetMemberReference((MemberReferenceHandle)handle).Parent);
                break;
            case HandleKind.MethodSpecification:
                var generic = metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                Add(generic.Method);
                generic.DecodeSignature(this, null);
                break;
        }
    }

    bool ISimpleTypeProvider<bool>.GetTypeFromDefinition(
        MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => _used.Add(handle);

    bool ISimpleTypeProvider<bool>.GetPrimitiveType(PrimitiveTypeCode typeCode) => true;

    bool ISimpleTypeProvider<bool>.GetTypeFromReference(
        MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => true;

    bool ISignatureTypeProvider<bool, object?>.GetTypeFromSpecification(
        MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    bool ISZArrayTypeProvider<bool>.GetSZArrayType(bool elementType) => true;

    bool IConstructedTypeProvider<bool>.GetArrayType(bool elementType, ArrayShape shape) => true;

    bool IConstructedTypeProvider<bool>.GetByReferenceType(bool elementType) => true;

    bool IConstructedTypeProvider<bool>.GetGenericInstantiation(bool genericType, ImmutableArray<bool> typeArguments) =>
        true;

    bool IConstructedTypeProvider<bool>.GetPointerType(bool elementType) => true;

    bool ISignatureTypeProvider<bool, object?>.GetFunctionPointerType(MethodSignature<bool> signature) => true;

    bool ISignatureTypeProvider<bool, object?>.GetGenericMethodParameter(object? genericContext, int index) => true;

    bool ISignatureTypeProvider<bool, object?>.GetGenericTypeParameter(object? genericContext, int index) => true;

    bool ISignatureTypeProvider<bool, object?>.GetModifiedType(bool modifier, bool unmodifiedType, bool isRequired) =>
        true;

    bool ISignatureTypeProvider<bool, object?>.GetPinnedType(bool elementType) => true;
}
