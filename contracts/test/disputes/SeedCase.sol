// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Contribution, Court } from "../../src/interfaces/IDisputes.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @title A round that waits for its seed.
abstract contract SeedCase is Courtroom {
    uint256 internal disputeId;
    uint64 internal seedBlock;
    bytes32 internal constant SECRET = "secret";
    bytes32 internal commitment = keccak256(abi.encode(SECRET));

    function setUp() public virtual override {
        super.setUp();
        disputeId = openByWatcher(1, submitted());
        startRound(disputeId);
        seedBlock = current(disputeId).seedBlock;
    }

    function commit(address who, uint8 side) internal {
        vm.prank(who);
        court.commitSeed(disputeId, side, commitment);
    }

    function given(uint8 side) internal view returns (Contribution memory) {
        return court.contributionOf(disputeId, 1, 1, seedBlock, side);
    }

    function reveal(bytes32 secret) internal {
        vm.prank(maker);
        court.revealSeed(disputeId, Court.RESPONDENT, secret);
    }

    function accountOf() internal view returns (bytes32) {
        return bytes32((uint256(7) << 248) | disputeId);
    }
}
