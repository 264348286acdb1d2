// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IDirectory, Registration } from "../../src/interfaces/IDirectory.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

contract DirectoryRegisterTest is Commons {
    function test_The_deployment_registers_the_fields_of_Wiring_in_their_order() public view {
        string memory artifact = vm.readFile("artifacts/Directory.json");
        address[28] memory locations = abi.decode(abi.encode(wiring), (address[28]));
        vm.assertEq(directory.nameCount(), 28);
        for (uint256 i; i < 28; ++i) {
            string memory key = string.concat(".abi[0].inputs[0].components[", vm.toString(i), "].name");
            bytes32 name = bytes32(bytes(vm.parseJsonString(artifact, key)));
            vm.assertEq(directory.nameAt(i), name);
            Registration memory found = directory.registrationOf(name);
            vm.assertEq(found.location, locations[i]);
            vm.assertEq(uint256(found.catalogVersion), 1);
            vm.assertEq(found.catalogHash, genesis().catalogHash);
        }
    }

    function test_The_timelock_registers_a_new_name_and_a_new_version() public {
        vm.startPrank(wiring.timelock);
        vm.expectEmit(wiring.directory);
        emit IDirectory.ContractRegistered("insurance", wiring.guilds, 2, "new");
        directory.register("insurance", wiring.guilds, 2, "new");
        vm.assertEq(directory.nameCount(), 29);
        vm.assertEq(directory.nameAt(28), "insurance");
        directory.register("insurance", wiring.channels, 3, "newer");
        vm.assertEq(directory.nameCount(), 29);
        vm.assertEq(directory.registrationOf("insurance").location, wiring.channels);
        vm.assertEq(directory.registrationOf("insurance").catalogHash, "newer");
    }

    function test_Nobody_else_registers() public {
        vm.expectRevert(abi.encodeWithSelector(IDirectory.OnlyTimelock.selector, address(this)));
        directory.register("x", wiring.guilds, 1, 0);
    }

    function test_An_empty_name_a_place_without_code_and_an_older_version_are_refused() public {
        vm.startPrank(wiring.timelock);
        vm.expectRevert(abi.encodeWithSelector(IDirectory.UnknownName.selector, bytes32(0)));
        directory.register(0, wiring.guilds, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(IDirectory.NoContract.selector, bytes32("x"), address(9)));
        directory.register("x", address(9), 1, 0);
        directory.register("guilds", wiring.guilds, 2, 0);
        vm.expectRevert(abi.encodeWithSelector(IDirectory.VersionWentBack.selector, bytes32("guilds"), 1, 2));
        directory.register("guilds", wiring.guilds, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(IDirectory.VersionWentBack.selector, bytes32("y"), 0, 0));
        directory.register("y", wiring.guilds, 0, 0);
    }

    function test_An_unknown_name_is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(IDirectory.UnknownName.selector, bytes32("nobody")));
        directory.registrationOf("nobody");
    }
}
