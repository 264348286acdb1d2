// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Forward decay: later increments weigh more, instead of old ones less.
/// @notice Exponents are counted in 1/65536 half-lives. A score is kept as an accumulator that is only added to, and
///         read by dividing by the growth reached so far; so reading writes nothing and waiting twice is waiting once.
///         Growth would overflow, so it begins anew every 120 half-lives, an epoch: an accumulator carries the epoch of its
///         last addition in its 24 highest bits, and what is older counts 2^-120 of what it was for each epoch since. In the
///         first epoch an accumulator is the plain sum.
library Decay {
    /// @notice After 120 half-lives growth begins anew; growth alone stands still from there.
    uint256 internal constant CAP = 120 * 65536;
    /// @notice From 64 half-lives on, recency counts as none.
    uint256 internal constant FORGOTTEN = 64 * 65536;

    uint256 private constant ONE = 1 << 62;
    /// @dev An accumulator is epoch * 2^232 + sum, the sum between -2^231 and 2^231: room for 5 * 10^8 points.
    uint256 private constant DIGIT = 232;
    int256 private constant HALF_DIGIT = int256(1 << 231);
    int256 private constant GROWTH_OF_EPOCH = int256(1 << 120);

    /// @dev floor(2^(2^-(i + 1)) * 2^62) for i = 0..15, four to a word, the first highest.
    uint256 private constant TABLE_0 = 0x5a827999fcef32424c1bf828c6dc54b745cae0f1f545eb7342d561b3e6243d8a;
    uint256 private constant TABLE_1 = 0x4166c34c5615d0eb40b268f9de0183b94058f6a7ecccd5b6402c6be96af2fb58;
    uint256 private constant TABLE_2 = 0x4016321b687027a8400b18178ba33b1440058bce410147e84002c5d7bff71dae;
    uint256 private constant TABLE_3 = 0x400162e807ee7e5b4000b1730df6a524400058b9497b815140002c5c955dd701;

    /// @notice 2^(fraction / 65536) * 2^62, by one multiplication for each bit that is set, the highest bit first.
    function exp2frac(uint256 fraction) internal pure returns (uint256 result) {
        result = ONE;
        for (uint256 i; i < 16; ++i) {
            if (fraction & (0x8000 >> i) == 0) continue;
            uint256 word = i < 8 ? (i < 4 ? TABLE_0 : TABLE_1) : (i < 12 ? TABLE_2 : TABLE_3);
            result = (result * uint64(word >> (192 - 64 * (i & 3)))) >> 62;
        }
    }

    /// @notice G(x) = 2^(x / 65536) * 2^62, standing still from the cap on.
    function growth(uint256 exponent) internal pure returns (uint256) {
        if (exponent > CAP) exponent = CAP;
        return exp2frac(exponent & 0xffff) << (exponent >> 16);
    }

    /// @notice What an increment adds to the sum of its epoch.
    function weigh(int256 increment, uint256 exponent) internal pure returns (int256) {
        return increment * int256(growth(exponent % CAP));
    }

    /// @notice The accumulator after an increment.
    function add(int256 accumulator, int256 increment, uint256 exponent) internal pure returns (int256) {
        uint256 epoch = exponent / CAP;
        return int256(epoch << DIGIT) + _sumIn(accumulator, epoch) + weigh(increment, exponent);
    }

    /// @notice The score that an accumulator holds now; truncates toward zero, so its error stays under one unit.
    function read(int256 accumulator, uint256 exponent) internal pure returns (int256) {
        return _sumIn(accumulator, exponent / CAP) / int256(growth(exponent % CAP));
    }

    /// @notice Whether the addition that led from one accumulator to a later one was of something.
    function grew(int256 earlier, int256 later) internal pure returns (bool) {
        uint256 epoch = _epochOf(later);
        return _sumIn(later, epoch) > _sumIn(earlier, epoch);
    }

    function _epochOf(int256 accumulator) private pure returns (uint256) {
        return uint256((accumulator + HALF_DIGIT) >> DIGIT);
    }

    /// @dev What the sum amounts to in its own or a later epoch. After two epochs nothing is left: a sum is below 2^231.
    function _sumIn(int256 accumulator, uint256 epoch) private pure returns (int256) {
        uint256 last = _epochOf(accumulator);
        int256 sum = accumulator - int256(last << DIGIT);
        if (epoch == last) return sum;
        return epoch == last + 1 ? sum / GROWTH_OF_EPOCH : int256(0);
    }

    /// @notice How recent an activity is, in ppm: 10^6 just now, half of it after every half-life, 0 from 64 on.
    function recency(uint256 idle, uint256 halfLife) internal pure returns (uint256) {
        uint256 exponent = idle * 65536 / halfLife;
        return exponent >= FORGOTTEN ? 0 : (1e6 << 62) / growth(exponent);
    }
}
