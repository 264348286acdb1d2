// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IVotes } from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract BondTest is Market {
    function test_Bonding_moves_credit_to_stake_and_gives_votes() public {
        fund(owners[0], 70 * CREDITS);
        uint256 votes = stake.getVotes(owners[0]);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(
            Accounts.credit(owners[0]), Accounts.stake(agents[0]), bytes32(agents[0]), 70 * CREDITS, Reasons.STAKE
        );
        vm.expectEmit(wiring.stake);
        emit IVotes.DelegateVotesChanged(owners[0], votes, votes + 70 * CREDITS);
        vm.prank(owners[0]);
        stake.bond(agents[0], 70 * CREDITS);
        vm.assertEq(stake.stakeOf(agents[0]), 1_070 * CREDITS);
        vm.assertEq(stake.getVotes(owners[0]), votes + 70 * CREDITS);
    }

    function test_A_stranger_cannot_bond() public {
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, agents[0], address(this)));
        stake.bond(agents[0], 1);
    }

    function test_Nothing_cannot_be_bonded() public {
        vm.expectRevert(IVault.NothingToMove.selector);
        vm.prank(owners[0]);
        stake.bond(agents[0], 0);
    }
}
