// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { BountyTerms, IBounties } from "../../src/interfaces/IBounties.sol";
import { IChannels } from "../../src/interfaces/IChannels.sol";
import { IGuilds } from "../../src/interfaces/IGuilds.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Terms } from "../../src/interfaces/ITaskMarket.sol";
import { Accounts, Kind } from "../../src/libraries/Accounts.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm, Vm } from "../Vm.sol";

/// @notice Row 35: dust is siphoned by many settlements of odd amounts. After each of them no account of an ended subject holds
///         anything, and the fold of all moves is what the Vault's tokens are.
contract EverySettlementSumsToZeroTest is Courtroom {
    function seatedAtStart() internal pure override returns (uint256) {
        return 5;
    }

    /// forge-config: default.fuzz.runs = 32
    function test_Every_settlement_sums_to_zero(uint96[4] memory odd, uint8 ruling) public {
        uint256 before = credit.balanceOf(wiring.vault);
        vm.recordLogs();
        settleTask(odd[0], uint8(1 + ruling % 3));
        settleBounty(odd[1]);
        settleGuild(odd[2]);
        settleChannel(odd[3]);
        int256 sum = fold();
        vm.assertEq(sum, int256(credit.balanceOf(wiring.vault)) - int256(before));
    }

    /// @dev A task of an odd price, disputed for its quality, with one absent seat.
    function settleTask(uint256 odd, uint8 ruling) private {
        Terms memory t = taskTerms();
        t.maxPrice = bound(odd, 100 * CREDITS, 1_000 * CREDITS);
        t.agentBond = t.maxPrice * 2_401 / 10_000;
        uint256 taskId = submitted(t, "result", "receipt");
        uint256 disputeId = openByClient(3, taskId);
        seated(disputeId);
        vote(disputeId, votes(ruling, ruling, 0));
        settleNow(disputeId);
        skip(1 days);
        if (ruling == 1) market.finalize(taskId);
        vm.assertEq(balance(Accounts.dispute(disputeId)), 0);
        vm.assertEq(balance(Accounts.task(taskId)), 0);
        vm.assertEq(balance(pledgeOf(taskId)), 0);
    }

    function settleBounty(uint256 odd) private {
        IBounties bounties = IBounties(wiring.bounties);
        uint64 time = uint64(block.timestamp);
        vm.prank(client);
        uint256 id = bounties.openBounty(
            BountyTerms(bound(odd, 14, 1_000 * CREDITS), 7, time + 1 days, time + 2 days, 600, "criteria", "uri")
        );
        vm.prank(maker);
        uint256 claimId = bounties.claim(id, makerId, "work");
        vm.warp(time + 2 days + 600);
        bounties.payClaim(claimId);
        bounties.closeBounty(id);
        vm.assertEq(balance(Accounts.bounty(id)), 0);
    }

    function settleGuild(uint256 odd) private {
        IGuilds guilds = IGuilds(wiring.guilds);
        uint64 until = uint64(block.timestamp) + 1 days;
        vm.startPrank(maker);
        uint256 id = guilds.form(makerId, address(0xC0), "charter");
        guilds.invite(id, makerId, 3_333, until);
        guilds.join(id, makerId, 3_333, until);
        guilds.pay(id, 1 + odd % CREDITS);
        guilds.pay(id, 1);
        guilds.dissolve(id);
        vm.stopPrank();
        skip(30 days);
        guilds.sweepGuild(id);
        vm.assertEq(balance(Accounts.guild(id)), 0);
    }

    function settleChannel(uint256 odd) private {
        IChannels channels = IChannels(wiring.channels);
        uint64 expiresAt = uint64(block.timestamp) + 1 days;
        address signer = vm.addr(5);
        uint256 amount = bound(odd, 3, CREDITS);
        vm.prank(client);
        uint256 id = channels.open(maker, signer, amount, 1 hours, expiresAt);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(5, channels.voucherDigest(id, amount / 3, 1));
        vm.prank(maker);
        channels.redeem(id, amount / 3, 1, abi.encodePacked(r, s, v));
        vm.prank(maker);
        channels.closeByPayee(id);
        vm.assertEq(balance(Accounts.channel(id)), 0);
    }

    /// @dev The sum over all accounts inside the Vault of what the moves changed.
    function fold() private returns (int256 sum) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].emitter != wiring.vault || logs[i].topics[0] != IVault.Moved.selector) continue;
            (uint256 amount,) = abi.decode(logs[i].data, (uint256, uint8));
            vm.assertGt(amount, 0);
            if (Accounts.kindOf(logs[i].topics[1]) != Kind.EXTERNAL) sum -= int256(amount);
            if (Accounts.kindOf(logs[i].topics[2]) != Kind.EXTERNAL) sum += int256(amount);
        }
    }
}
