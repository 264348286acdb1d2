// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Board } from "../../src/libraries/Board.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

/// @notice The board against a plain sort.
contract BoardTest is Market {
    using Board for uint256[8];

    uint256[8] internal rows;
    uint256[] internal words;

    function test_Fuzz_the_board_is_the_best_eight_in_order(uint256 seed) public {
        for (uint64 id = 1; id <= 20; ++id) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 word = Board.encode(uint64(seed % 4), uint128((seed >> 8) % 3), id);
            vm.assertEq(Board.bidIdOf(word), id);
            (bool stands, uint64 evicted) = rows.insert(word);
            vm.assertEq(stands, place(word, evicted));
            if (seed & (1 << 200) != 0 && words.length != 0) removeAt((seed >> 32) % words.length);
            for (uint256 i; i < 8; ++i) {
                vm.assertEq(rows[i], i < words.length ? words[i] : 0);
            }
        }
    }

    function test_Removing_what_is_not_there_changes_nothing() public {
        rows.insert(Board.encode(1, 1, 1));
        vm.assertFalse(rows.remove(2));
        vm.assertEq(Board.bidIdOf(rows[0]), 1);
    }

    function removeAt(uint256 row) private {
        vm.assertTrue(rows.remove(Board.bidIdOf(words[row])));
        for (; row + 1 < words.length; ++row) {
            words[row] = words[row + 1];
        }
        words.pop();
    }

    /// @dev The same rule, by pushing and sorting.
    function place(uint256 word, uint64 evicted) private returns (bool stands) {
        words.push(word);
        for (uint256 i = words.length - 1; i != 0 && words[i - 1] < words[i]; --i) {
            (words[i - 1], words[i]) = (words[i], words[i - 1]);
        }
        if (words.length <= 8) return true;
        stands = words[8] != word;
        if (stands) vm.assertEq(Board.bidIdOf(words[8]), evicted);
        words.pop();
    }
}
