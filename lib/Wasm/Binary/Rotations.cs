// Whether code rotates. Enters: the instructions of a function. Leaves: yes where an instruction rotates, or shifts
// to the right without sign: the JIT makes a rotation of such a shift and what may be a shift to the left (a
// product, a sum of equals). Always holds: errs on the side of yes.
namespace EventSourced.Wasm.Binary;

internal static class Rotations
{
    public static bool Among(FunctionCode code) => code.Instructions.Exists(instruction => instruction.Opcode is
        Opcode.I32Rotl or Opcode.I32Rotr or Opcode.I64Rotl or Opcode.I64Rotr
        or Opcode.I32ShrU or Opcode.I64ShrU or Opcode.I32DivU or Opcode.I64DivU);
}
