// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Kind, Pledge, Reasons } from "../../src/libraries/Accounts.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

contract VaultMoveTest is Commons {
    function test_A_module_moves_from_a_kind_of_its_own() public {
        fund(address(7), 10);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(Accounts.credit(address(7)), Accounts.channel(3), "ref", 4, Reasons.CHANNEL_DEPOSIT);
        vm.prank(wiring.channels);
        vault.move(Accounts.credit(address(7)), Accounts.channel(3), "ref", 4, Reasons.CHANNEL_DEPOSIT);
        vm.assertEq(creditOf(address(7)), 6);
        vm.assertEq(balance(Accounts.channel(3)), 4);
    }

    function test_Every_contract_is_refused_every_kind_that_is_not_its_own() public {
        address[28] memory places = abi.decode(abi.encode(wiring), (address[27]));
        for (uint256 i; i < 28; ++i) {
            uint256 granted = vault.debitableKinds(places[i]);
            for (uint8 kind; kind <= uint8(type(Kind).max); ++kind) {
                bytes32 from = Accounts.encode(Kind(kind), 1);
                bool own = (granted >> kind) & 1 == 1;
                vm.expectRevert(
                    own
                        ? abi.encodeWithSelector(IVault.InsufficientBalance.selector, from, 1, 0)
                        : abi.encodeWithSelector(IVault.NotAuthorized.selector, places[i], from)
                );
                vm.prank(places[i]);
                vault.move(from, Accounts.BURN, 0, 1, 0);
            }
        }
    }

    function test_Nobody_ever_debits_the_outside_or_the_burnt() public view {
        address[28] memory places = abi.decode(abi.encode(wiring), (address[27]));
        uint256 never = (1 << uint8(Kind.EXTERNAL)) | (1 << uint8(Kind.BURN));
        for (uint256 i; i < 28; ++i) {
            vm.assertEq(vault.debitableKinds(places[i]) & never, 0);
        }
        vm.assertEq(vault.debitableKinds(wiring.council), 0);
        vm.assertEq(vault.debitableKinds(wiring.timelock), 0);
        vm.assertEq(vault.debitableKinds(supplyHolder), 0);
    }

    function test_Money_leaves_the_Vault_by_withdrawal_alone() public {
        fund(address(7), 10);
        bytes32 outside = Accounts.external_(address(7));
        vm.expectRevert(abi.encodeWithSelector(IVault.NotAuthorized.selector, wiring.channels, outside));
        vm.prank(wiring.channels);
        vault.move(Accounts.credit(address(7)), outside, 0, 1, 0);
    }

    function test_Nothing_and_more_than_there_is_are_refused() public {
        vm.startPrank(wiring.channels);
        vm.expectRevert(IVault.NothingToMove.selector);
        vault.move(Accounts.channel(1), Accounts.BURN, 0, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(IVault.InsufficientBalance.selector, Accounts.channel(1), 1, 0));
        vault.move(Accounts.channel(1), Accounts.BURN, 0, 1, 0);
    }

    function test_An_id_wider_than_its_account_is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(Accounts.IdTooWide.selector, 1 << 248));
        this.encodeWide();
    }

    function encodeWide() external pure returns (bytes32) {
        return Accounts.task(1 << 248);
    }

    function test_A_pledge_knows_whose_stake_is_in_it() public {
        uint256 agentId = newAgent(address(8), 50);
        bytes32 pledge = Accounts.atRisk(Pledge.BOUNTY_CLAIM, 5);
        vm.startPrank(wiring.bounties);
        vault.move(Accounts.stake(agentId), pledge, 0, 20, 0);
        vm.assertEq(vault.pledgerOf(pledge), agentId);
        vm.assertEq(stake.getVotes(address(8)), 50);
        vault.move(pledge, Accounts.BURN, 0, 5, 0);
        vm.assertEq(stake.getVotes(address(8)), 45);
        vault.move(pledge, Accounts.stake(agentId), 0, 15, 0);
        vm.assertEq(vault.pledgerOf(pledge), 0);
        vm.assertEq(stake.getVotes(address(8)), 45);
        vm.stopPrank();
    }

    function test_Money_of_others_in_a_pledge_account_is_nobody_s_stake() public {
        uint256 agentId = newAgent(address(8), 50);
        fund(address(9), 10);
        bytes32 pledge = Accounts.atRisk(Pledge.BOUNTY_CLAIM, 5);
        vm.startPrank(wiring.bounties);
        vault.move(Accounts.credit(address(9)), pledge, 0, 10, 0);
        // Stake that joins it is mixed with it: it votes no more, and votes again when it comes home.
        vault.move(Accounts.stake(agentId), pledge, 0, 20, 0);
        vm.assertEq(vault.pledgerOf(pledge), 0);
        vm.assertEq(stake.getVotes(address(8)), 30);
        vault.move(pledge, Accounts.stake(agentId), 0, 20, 0);
        vm.assertEq(stake.getVotes(address(8)), 50);
        vm.stopPrank();
    }

    function test_A_pledge_may_go_to_another_agent() public {
        uint256 loser = newAgent(address(8), 50);
        uint256 winner = newAgent(address(9), 50);
        bytes32 pledge = Accounts.atRisk(Pledge.BOUNTY_CLAIM, 5);
        vm.startPrank(wiring.bounties);
        vault.move(Accounts.stake(loser), pledge, 0, 20, 0);
        vault.move(pledge, Accounts.stake(winner), 0, 20, 0);
        vm.assertEq(stake.getVotes(address(8)), 30);
        vm.assertEq(stake.getVotes(address(9)), 70);
        vm.stopPrank();
    }

    function test_Stake_that_moves_moves_votes() public {
        uint256 agentId = newAgent(address(8), 50);
        vm.prank(wiring.bounties);
        vault.move(Accounts.stake(agentId), Accounts.BURN, 0, 20, 0);
        vm.assertEq(stake.getVotes(address(8)), 30);
    }
}
