// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Rules } from "../../src/interfaces/ITaskMarket.sol";
import { Keys } from "../../src/libraries/Keys.sol";
import { Packed } from "../../src/libraries/Packed.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

contract TaskRulesTest is Commons {
    /// @dev What the twelve parameters are, one by one.
    function asked() private view returns (Rules memory rules) {
        rules.fee = uint16(parameters.get(Keys.PROTOCOL_FEE));
        rules.yieldRate = uint16(parameters.get(Keys.YIELD_RATE));
        rules.noStartRate = uint16(parameters.get(Keys.NO_START_RATE));
        rules.lapseRate = uint16(parameters.get(Keys.LAPSE_RATE));
        rules.missedRate = uint16(parameters.get(Keys.MISSED_RATE));
        rules.unrevealedRate = uint16(parameters.get(Keys.UNREVEALED_RATE));
        rules.wPrice = uint16(parameters.get(Keys.W_PRICE));
        rules.wRep = uint16(parameters.get(Keys.W_REP));
        rules.wRec = uint16(parameters.get(Keys.W_REC));
        rules.maxRounds = uint16(parameters.get(Keys.MAX_ROUNDS));
        rules.recHalfLife = uint32(parameters.get(Keys.REC_HALF_LIFE));
        rules.repK = uint64(parameters.get(Keys.REP_K));
    }

    function assertWord() private view {
        vm.assertEq(parameters.taskRules(), Packed.pack(asked()));
    }

    function test_The_defaults_are_in_the_word() public view {
        assertWord();
        vm.assertEq(uint256(Packed.unpack(parameters.taskRules()).missedRate), 8_000);
    }

    function test_Each_of_the_twelve_moves_the_word() public {
        bytes32[9] memory keys = [
            Keys.PROTOCOL_FEE,
            Keys.YIELD_RATE,
            Keys.NO_START_RATE,
            Keys.LAPSE_RATE,
            Keys.MISSED_RATE,
            Keys.UNREVEALED_RATE,
            Keys.MAX_ROUNDS,
            Keys.REC_HALF_LIFE,
            Keys.REP_K
        ];
        for (uint256 i; i < keys.length; ++i) {
            uint256 before = parameters.taskRules();
            setParam(keys[i], parameters.get(keys[i]) + 1);
            vm.assertTrue(parameters.taskRules() != before, vm.toString(keys[i]));
            assertWord();
        }
        bytes32[] memory weights = new bytes32[](3);
        (weights[0], weights[1], weights[2]) = (Keys.W_PRICE, Keys.W_REP, Keys.W_REC);
        uint256[] memory values = new uint256[](3);
        (values[0], values[1], values[2]) = (6_000, 3_000, 1_000);
        vm.prank(wiring.timelock);
        parameters.setParams(weights, values);
        assertWord();
        vm.assertEq(uint256(Packed.unpack(parameters.taskRules()).wPrice), 6_000);
    }
}
