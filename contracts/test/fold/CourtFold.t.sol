// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Drama } from "../Drama.sol";
import { vm, Vm } from "../Vm.sol";
import { CheckpointsReplica, DataLeasesReplica, DisputesReplica, PoolReplica } from "./CourtReplicas.sol";
import { Fold, IReplica } from "./Fold.sol";

/// @notice The events alone rebuild every storage word of the pool, the court, the checkpoints and the data leases.
contract CourtFoldTest is Fold, Drama {
    uint256 internal allowed;

    function setUp() public override(Fold, Drama) {
        super.setUp();
        Vm.Log[] memory logs = vm.getRecordedLogs();
        address[4] memory replicas = [
            address(new PoolReplica(wiring, genesis())),
            address(new DisputesReplica(wiring, genesis())),
            address(new CheckpointsReplica(wiring, genesis())),
            address(new DataLeasesReplica(wiring, genesis()))
        ];
        follow(wiring.verifierPool, replicas[0]);
        follow(wiring.disputes, replicas[1]);
        follow(wiring.checkpoints, replicas[2]);
        follow(wiring.dataLeases, replicas[3]);
        // What happened between the deployment and now: the economy's people came in.
        for (uint256 i; i < logs.length; ++i) {
            for (uint256 k; k < 4; ++k) {
                IReplica(replicas[k]).fold(logs[i]);
            }
        }
        vm.getRecordedLogs();
    }

    /// forge-config: default.fuzz.runs = 24
    function test_Fuzz_the_events_alone_rebuild_the_court(uint256 seed) public {
        play(seed, 60);
    }

    /// @notice A longer one, with a fixed seed, that also reaches the rare states.
    function test_A_long_story_is_rebuilt_from_its_events() public {
        play(uint256(keccak256("a long story")), 400);
        vm.assertGt(allowed, 200);
    }

    function play(uint256 seed, uint256 steps) internal {
        for (uint256 i; i < steps; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            if (dare(seed)) {
                ++allowed;
                foldNow();
            } else {
                dropLogs();
            }
        }
        assertFolded();
    }
}
