// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IERC721 } from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import { ICheckpoints, Roots } from "../../src/interfaces/ICheckpoints.sol";
import { IStake } from "../../src/interfaces/IStake.sol";
import { ITaskMarket } from "../../src/interfaces/ITaskMarket.sol";
import { IVerifierPool, Lot } from "../../src/interfaces/IVerifierPool.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Between the seed and the draw: whatever anybody tries, the same verifiers are drawn.
contract FreezeTest is Courtroom {
    uint256 private taskId;
    uint256 private stranger;
    uint256 private disputeId;

    function frozen() private {
        disputeId = openByWatcher(1, submitted());
        stranger = newAgent(person("stranger"), STAKED);
        vm.warp(court.disputeOf(disputeId).evidenceEnd);
        court.startRound(disputeId);
        vm.prank(client);
        taskId = market.createTask(0, taskTerms());
        vm.roll(current(disputeId).seedBlock);
    }

    function lots(bytes32 seed) private view returns (bytes32) {
        uint256[] memory drawn = pool.draw(seed, Lot(7, 40 * CREDITS, watcherId, makerId, client));
        return keccak256(abi.encode(drawn, pool.totalWeight(), pool.memberCount(), pool.bootstrapped()));
    }

    function steer(uint256 seed) private returns (bool) {
        uint256 verifierId = verifiers[(seed >> 8) % VERIFIERS];
        address owner = registry.ownerOf(verifierId);
        uint256 way = seed % 9;
        if (way == 0) return attempt(owner, wiring.verifierPool, abi.encodeCall(IVerifierPool.leave, (verifierId)));
        if (way == 1) {
            return
                attempt(registry.ownerOf(stranger), wiring.verifierPool, abi.encodeCall(IVerifierPool.join, (stranger)));
        }
        if (way == 2) {
            return attempt(owner, wiring.verifierPool, abi.encodeCall(IVerifierPool.refreshWeight, (verifierId)));
        }
        if (way == 3) return attempt(owner, wiring.verifierPool, abi.encodeCall(IVerifierPool.evict, (verifierId)));
        if (way == 4) {
            bytes memory data = abi.encodeCall(
                IVerifierPool.attest, (verifierId, bytes32(seed), bytes32(seed), uint64(block.timestamp + 1 days))
            );
            return attempt(attester, wiring.verifierPool, data);
        }
        if (way == 5) {
            bytes memory data = abi.encodeCall(IStake.unbond, (verifierId, 1 + (seed >> 16) % STAKED));
            return attempt(owner, wiring.stake, data);
        }
        if (way == 6) {
            bytes memory data = abi.encodeCall(IERC721.transferFrom, (owner, client, verifierId));
            return attempt(owner, wiring.agentRegistry, data);
        }
        // A lock by another contract would make a member too poor for its seat just as well.
        if (way == 7) {
            bytes memory data = abi.encodeCall(ITaskMarket.placeBid, (taskId, verifierId, PRICE, 60, "proposal"));
            return attempt(owner, wiring.taskMarket, data);
        }
        Roots memory roots = Roots("log", "state", 0, uint64(block.number - 1), 7);
        return attempt(owner, wiring.checkpoints, abi.encodeCall(ICheckpoints.post, (1, verifierId, roots)));
    }

    function test_Fuzz_nobody_steers_the_lots_once_the_seed_is_known(uint256 seed) public {
        frozen();
        bytes32 expected = lots(keccak256(abi.encode(seed)));
        for (uint256 i; i < 12; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, i)));
            vm.assertFalse(steer(random), vm.toString(random % 9));
            vm.assertEq(lots(keccak256(abi.encode(seed))), expected);
        }
    }

    function test_Each_of_these_is_allowed_before_and_after() public {
        frozen();
        vm.roll(block.number - 1);
        for (uint256 i; i < 9; ++i) {
            // Members do not change hands while they are members, and none is idle or poor.
            vm.assertEq(tried(i), i != 3 && i != 6, vm.toString(i));
        }
        vm.roll(block.number + 1);
        for (uint256 i; i < 9; ++i) {
            vm.assertFalse(tried(i), vm.toString(i));
        }
        vm.roll(current(disputeId).seedBlock + 1);
        court.draw(disputeId);
        for (uint256 i; i < 9; ++i) {
            vm.assertEq(tried(i), i != 3 && i != 6 && !(i == 0 && seated0()), vm.toString(i));
        }
    }

    /// @dev Who holds a seat cannot leave before the dispute is settled.
    function seated0() private view returns (bool) {
        return court.openSeatsOf(verifiers[0]) != 0;
    }

    function tried(uint256 seed) private returns (bool done) {
        uint256 state = vm.snapshotState();
        done = steer(seed);
        vm.revertToState(state);
    }
}
