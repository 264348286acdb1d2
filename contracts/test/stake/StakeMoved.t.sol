// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IVotes } from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract StakeMovedTest is Market {
    function test_What_comes_in_votes_and_what_goes_out_does_not() public {
        uint256 votes = stake.getVotes(owners[0]);
        skip(10);
        told(7 * CREDITS, true, votes, votes + 7 * CREDITS);
        uint256 then = block.timestamp;
        skip(10);
        told(11 * CREDITS, false, votes + 7 * CREDITS, votes - 4 * CREDITS);
        uint256 later = block.timestamp;
        skip(1);
        vm.assertEq(stake.getPastVotes(owners[0], then - 1), votes);
        vm.assertEq(stake.getPastVotes(owners[0], then), votes + 7 * CREDITS);
        vm.assertEq(stake.getPastVotes(owners[0], later), votes - 4 * CREDITS);
        uint256 total = stake.getPastTotalSupply(then - 1);
        vm.assertEq(stake.getPastTotalSupply(then), total + 7 * CREDITS);
        vm.assertEq(stake.getPastTotalSupply(later), total - 4 * CREDITS);
    }

    function test_Only_the_vault_tells_of_it() public {
        vm.expectRevert(abi.encodeWithSelector(Module.OnlyModule.selector, owners[0]));
        vm.prank(owners[0]);
        stake.stakeMoved(agents[0], 1, true);
    }

    function told(uint256 amount, bool incoming, uint256 before, uint256 votes) private {
        vm.expectEmit(wiring.stake);
        emit IVotes.DelegateVotesChanged(owners[0], before, votes);
        vm.prank(wiring.vault);
        stake.stakeMoved(agents[0], amount, incoming);
        vm.assertEq(stake.getVotes(owners[0]), votes);
    }
}
