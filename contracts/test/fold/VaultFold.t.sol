// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Genesis, Wiring } from "../../src/libraries/Wiring.sol";
import { vm, Vm } from "../Vm.sol";
import { Fold, IReplica } from "./Fold.sol";
import { Ledger } from "./Ledger.sol";

contract VaultReplica is Ledger, IReplica {
    constructor(Wiring memory wiring, Genesis memory genesis) Ledger(wiring, genesis) { }

    function fold(Vm.Log calldata log) external {
        enter(log);
    }
}

contract VaultFoldTest is Fold {
    function setUp() public override {
        super.setUp();
        follow(wiring.vault, address(new VaultReplica(wiring, genesis())));
    }

    function test_Fuzz_the_moves_alone_rebuild_every_balance(uint256 seed) public {
        for (uint256 i; i < 24; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            address holder = address(uint160(0xA000 + seed % 4));
            if (seed & 256 == 0) {
                fund(holder, bound(seed >> 9, 1, 1000 * CREDITS));
            } else if (creditOf(holder) != 0) {
                uint256 amount = bound(seed >> 9, 1, creditOf(holder));
                vm.prank(holder);
                vault.withdraw(amount, address(uint160(0xB000 + seed % 3)));
            }
            foldNow();
        }
        assertFolded();
    }
}
